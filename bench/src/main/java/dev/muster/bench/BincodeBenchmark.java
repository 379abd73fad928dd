package dev.muster.bench;

import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a packet of chat costs in bincode: reading a client's, and writing what the others get. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BincodeBenchmark {

    private static final String TYPE = "shared_types::NewChatMessage";
    private static final long HASH = 0xecf033d2569f80feL;

    /** Bytes of text. */
    @Param({"16", "128", "1024"})
    public int text;

    private ByteBuf author;
    private ByteBuf message;
    private ByteBuf packet;

    /** A packet as it comes, in a buffer on the heap. */
    @Setup
    public void prepare() {
        author = Unpooled.copiedBuffer("John Doe", StandardCharsets.UTF_8);
        message = Unpooled.copiedBuffer("x".repeat(text), StandardCharsets.UTF_8);
        packet = encode();
    }

    /** Length, name, hash, and data of two strings that are UTF-8 already. */
    @Benchmark
    public ByteBuf encode() {
        int data =
                BincodeWriter.sizeOfBytes(author.readableBytes()) + BincodeWriter.sizeOfBytes(message.readableBytes());
        int bytes =
                BincodeWriter.sizeOfBytes(TYPE.length()) + BincodeWriter.sizeOf(HASH) + BincodeWriter.sizeOfBytes(data);
        ByteBuf out = Unpooled.buffer(Long.BYTES + bytes).writeLongLE(bytes);
        return new BincodeWriter(out)
                .string(TYPE)
                .unsigned(HASH)
                .length(data)
                .bytes(author)
                .bytes(message)
                .out();
    }

    /** The same fields, both strings checked to be UTF-8, and the second one copied as a room takes it. */
    @Benchmark
    public byte[] decode() throws BincodeException {
        BincodeReader in = new BincodeReader(packet.slice().skipBytes(Long.BYTES));
        in.utf8();
        in.u64();
        BincodeReader data = new BincodeReader(in.bytes());
        in.end();
        data.utf8();
        return ByteBufUtil.getBytes(data.utf8());
    }

    /** 64 integers of all forms. */
    @Benchmark
    public long integers() throws BincodeException {
        ByteBuf out = Unpooled.buffer(64 * 9);
        BincodeWriter writer = new BincodeWriter(out);
        for (int i = 0; i < 64; i++) {
            writer.signed(1L << i);
        }
        BincodeReader reader = new BincodeReader(out);
        long sum = 0;
        for (int i = 0; i < 64; i++) {
            sum += reader.i64();
        }
        return sum;
    }
}

package dev.muster.bench;

import dev.muster.node.connection.Framing;
import dev.muster.node.protocol.Form;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.RoomEvent;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.NodeId;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/** What members are told, on each wire; once for each event, format and node, however many they are. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EncodeBenchmark {

    private static final Framing PLAIN = new Framing() {
        @Override
        public ByteBuf text(ByteBuf utf8) {
            return utf8;
        }

        @Override
        public ByteBuf binary(ByteBuf bytes) {
            return bytes;
        }
    };

    /** Whose members are told. */
    @Param({"relay", "chat", "events", "packets", "protobuf"})
    public String wire;

    private final Position position = new Position("5f3c9a0e11d2b7c4.1a2b3c4d", 4711);
    private final ConnectionRecord member = new ConnectionRecord(
            "AAAAAAAAAAAAAAAAAAA", new NodeId("n", 1), "websocket", "ann", "client-1", "Ann Smith", Instant.EPOCH);
    private final RoomEvent said = new RoomEvent.Message(Publication.of(
            new Draft(
                    "AAAAAAAAAAAAAAAAAAA",
                    ContentType.TEXT,
                    Buffer.buffer("x".repeat(128)),
                    Map.of("u", "1", "n", "John Doe", RoomEvent.Message.FORM, Form.SAID),
                    false,
                    null,
                    null),
            position,
            1_700_000_000_000L));
    private final RoomEvent joined = new RoomEvent.Joined(member, position, 1_700_000_000_000L, member);

    private Encoder encoder;

    /** What shows nothing would measure nothing. */
    @Setup
    public void prepare() {
        encoder = Wires.encoder(wire);
        if (said() == null) {
            throw new IllegalStateException("the message is not shown on " + wire);
        }
    }

    /** 128 characters, said on another wire. */
    @Benchmark
    public @Nullable Object said() {
        return encoder.encode(said, PLAIN);
    }

    /** Somebody came, which relay and packets do not show. */
    @Benchmark
    public @Nullable Object joined() {
        return encoder.encode(joined, PLAIN);
    }
}

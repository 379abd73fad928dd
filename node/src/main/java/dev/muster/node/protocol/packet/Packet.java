package dev.muster.node.protocol.packet;

import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * {@code NetworkPacket {type_name: string, schema_hash: u64, data: bytes}}.
 *
 * @param type null if it is not known here
 * @param data a view of the frame without a reference of its own
 */
record Packet(@Nullable PacketType type, ByteBuf data) {

    /** In front of each packet: how many bytes it has, 64 bits, little endian. */
    static final int LENGTH_BYTES = Long.BYTES;

    /** What a packet may have: 10 MiB. */
    static final int MAX_BYTES = 10 << 20;

    /**
     * Reads a packet.
     *
     * @param bytes exactly one packet, without its length
     */
    static Packet read(ByteBuf bytes) throws BincodeException {
        BincodeReader reader = new BincodeReader(bytes);
        ByteBuf name = reader.utf8();
        long hash = reader.u64();
        ByteBuf data = reader.bytes();
        reader.end();
        return new Packet(PacketType.of(name, hash), data);
    }

    /** Whether it is about the connection itself: such have a budget of their own. */
    boolean isControl() {
        if (type == PacketType.SYNC_CLIENT_MESSAGE && data.isReadable()) {
            int variant = data.getByte(data.readerIndex());
            return variant == SyncPackets.SUBSCRIPTION
                    || variant == SyncPackets.UNSUBSCRIBE
                    || variant == SyncPackets.QUERY_CANCEL;
        }
        return type == PacketType.AUTHENTICATE;
    }

    /** A packet of one string, with its length in front; the caller owns it. */
    static ByteBuf of(PacketType type, ByteBuf string) {
        ByteBuf packet = begin(type, BincodeWriter.sizeOfBytes(string.readableBytes()));
        return new BincodeWriter(packet).bytes(string).out();
    }

    /** A packet of two strings. */
    static ByteBuf of(PacketType type, ByteBuf first, ByteBuf second) {
        int bytes =
                BincodeWriter.sizeOfBytes(first.readableBytes()) + BincodeWriter.sizeOfBytes(second.readableBytes());
        return new BincodeWriter(begin(type, bytes)).bytes(first).bytes(second).out();
    }

    /** All of a packet that is in front of its data, in a buffer that has room for these. */
    static ByteBuf begin(PacketType type, int dataBytes) {
        String name = type.wireName();
        int bytes = BincodeWriter.sizeOfBytes(name.length())
                + BincodeWriter.sizeOf(type.hash())
                + BincodeWriter.sizeOfBytes(dataBytes);
        ByteBuf packet = Unpooled.buffer(LENGTH_BYTES + bytes).writeLongLE(bytes);
        new BincodeWriter(packet).string(name).unsigned(type.hash()).length(dataBytes);
        return packet;
    }
}

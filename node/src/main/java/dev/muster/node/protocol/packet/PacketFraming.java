package dev.muster.node.protocol.packet;

import dev.muster.node.connection.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/**
 * Raw TCP: bytes are packets already and stay as they are. Text, which only an application sends that does not know what
 * a connection speaks, becomes a packet of its own; as it is, it would make the rest of the stream unreadable.
 */
final class PacketFraming implements Framing {

    static final PacketFraming INSTANCE = new PacketFraming();

    private PacketFraming() {}

    @Override
    public ByteBuf text(ByteBuf utf8) {
        try {
            return binary(Packet.of(PacketType.TEXT, utf8));
        } finally {
            utf8.release();
        }
    }

    @Override
    public ByteBuf binary(ByteBuf bytes) {
        try {
            // In direct memory, so that the system takes it as it is from each of the sockets that share it.
            int length = bytes.readableBytes();
            return PooledByteBufAllocator.DEFAULT.directBuffer(length).writeBytes(bytes, bytes.readerIndex(), length);
        } finally {
            bytes.release();
        }
    }
}

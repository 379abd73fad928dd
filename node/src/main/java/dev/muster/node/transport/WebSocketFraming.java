package dev.muster.node.transport;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Frames as a server sends them, RFC 6455 §5.2: whole messages, unmasked, in direct memory, so that the system takes
 * them as they are.
 */
public final class WebSocketFraming implements Framing {

    /** The one object for this wire. */
    public static final WebSocketFraming INSTANCE = new WebSocketFraming();

    /** So small a rest is likely to be copied behind its start. */
    private static final int SMALL = 1024;

    private static final int FIN_TEXT = 0x81;
    private static final int FIN_BINARY = 0x82;
    private static final int FIN_CLOSE = 0x88;
    private static final int FIN_PONG = 0x8A;

    /** A ping without payload; never released. */
    static final ByteBuf PING = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(2).writeByte(0x89).writeByte(0).asReadOnly());

    private WebSocketFraming() {}

    @Override
    public ByteBuf text(ByteBuf utf8) {
        return frame(FIN_TEXT, utf8);
    }

    @Override
    public ByteBuf binary(ByteBuf bytes) {
        return frame(FIN_BINARY, bytes);
    }

    @Override
    public ByteBuf textStart(ByteBuf start, int rest) {
        try {
            int length = start.readableBytes();
            return header(FIN_TEXT, length + rest, length + Math.min(rest, SMALL))
                    .writeBytes(start, start.readerIndex(), length);
        } finally {
            start.release();
        }
    }

    static ByteBuf pong(byte[] payload) {
        return frame(FIN_PONG, Unpooled.wrappedBuffer(payload));
    }

    static ByteBuf close(CloseReason reason) {
        byte[] text = reason.text().getBytes(StandardCharsets.UTF_8);
        ByteBuf frame = allocate(4 + text.length);
        return frame.writeByte(FIN_CLOSE)
                .writeByte(2 + text.length)
                .writeShort(reason.code())
                .writeBytes(text);
    }

    /** A close frame that says nothing, the answer to one that says nothing. */
    static ByteBuf bareClose() {
        return allocate(2).writeByte(FIN_CLOSE).writeByte(0);
    }

    private static ByteBuf frame(int first, ByteBuf payload) {
        try {
            int length = payload.readableBytes();
            return header(first, length, length).writeBytes(payload, payload.readerIndex(), length);
        } finally {
            payload.release();
        }
    }

    /** The header of a payload of {@code length} bytes, with room for {@code room} bytes behind it. */
    private static ByteBuf header(int first, int length, int room) {
        ByteBuf frame = allocate(room + 10).writeByte(first);
        if (length < 126) {
            frame.writeByte(length);
        } else if (length <= 0xFFFF) {
            frame.writeByte(126).writeShort(length);
        } else {
            frame.writeByte(127).writeLong(length);
        }
        return frame;
    }

    private static ByteBuf allocate(int bytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
    }
}

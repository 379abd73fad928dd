package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Connection;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * Frames of a room that wait until a member has got what has to come before them. Bounded: what finds no place goes out,
 * with all before it. On the connection's loop.
 */
final class HeldFrames {

    static final int MAX_FRAMES = 512;

    static final long MAX_BYTES = 512 << 10;

    private final Connection connection;
    private final ArrayDeque<ByteBuf> frames = new ArrayDeque<>();
    private long bytes;

    HeldFrames(Connection connection) {
        this.connection = connection;
    }

    /** Keeps a frame; it stays the caller's. */
    void add(ByteBuf frame) {
        frames.add(frame.retain());
        bytes += frame.readableBytes();
        if (frames.size() > MAX_FRAMES || bytes > MAX_BYTES) {
            flush();
        }
    }

    /** Sends what waits. */
    void flush() {
        bytes = 0;
        for (ByteBuf frame = frames.poll(); frame != null; frame = frames.poll()) {
            connection.offer(frame);
        }
    }
}

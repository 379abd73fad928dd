package dev.muster.node.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What was taken for sending by the connections of one event loop and wire. Written on that loop only, so that counting
 * a frame is two plain additions; read from any thread.
 */
final class SentCount {

    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    /** A frame was taken. */
    void add(int frameBytes) {
        add(frames, 1);
        add(bytes, frameBytes);
    }

    /** Frames that had been taken will not be sent: their client does not read. */
    void dropped(int lost) {
        add(dropped, lost);
    }

    private static void add(AtomicLong count, long more) {
        count.setRelease(count.getPlain() + more);
    }

    long frames() {
        return frames.get();
    }

    long bytes() {
        return bytes.get();
    }

    long dropped() {
        return dropped.get();
    }
}

package dev.muster.node.sync.session;

import dev.muster.node.connection.Connection;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a client from wanting more than is done: over a bound it is not read from until that has caught up, so that it
 * waits instead of making the node remember what it wants.
 */
final class Pressure {

    /** Bytes wanted and not yet done, over which the client is not read from. */
    static final long MOST = 1 << 20;

    /** What a request takes beside what it carries. */
    private static final int REQUEST_WEIGHT = 512;

    private final Connection connection;
    private final AtomicLong waiting = new AtomicLong();
    private volatile boolean high;
    private Runnable relief = () -> {};

    Pressure(Connection connection) {
        this.connection = connection;
    }

    static int weightOf(Request request) {
        if (request instanceof Request.Query query) {
            return REQUEST_WEIGHT + query.params().length();
        }
        return REQUEST_WEIGHT + (request instanceof Request.Mutate mutate ? bytesOf(mutate.edit()) : 0);
    }

    private static int bytesOf(Request.Edit edit) {
        if (edit instanceof Request.Edit.Bytes bytes) {
            return bytes.value().length();
        }
        if (edit instanceof Request.Edit.Value value) {
            return value.json().length();
        }
        return edit instanceof Request.Edit.Patch patch ? patch.json().length() : 0;
    }

    boolean isHigh() {
        return high;
    }

    void onRelief(Runnable goOn) {
        relief = goOn;
    }

    /** On the connection's loop. */
    void asked(int weight) {
        if (waiting.addAndGet(weight) > MOST && !high) {
            high = true;
            connection.pause();
            // All may have been done between the two lines above, and nobody else would notice.
            goOn();
        }
    }

    /** Any thread. */
    void answered(int weight) {
        long left = waiting.addAndGet(-weight);
        if (high && left <= MOST / 2) {
            connection.loop().execute(this::goOn);
        }
    }

    private void goOn() {
        if (high && waiting.get() <= MOST / 2) {
            high = false;
            relief.run();
            if (!high) {
                connection.resume();
            }
        }
    }
}

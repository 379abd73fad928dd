package dev.muster.node.transport;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The times of {@link SocketTimeouts} in ticks of a loop's wheel. */
final class KeepAlive {

    /** A client closed for not reading may still be reading what is before our close frame. */
    private static final Duration SLOW_CLOSE = Duration.ofSeconds(30);

    private final TimerWheel wheel;
    private final int ping;
    private final int idle;
    private final int message;
    private final int close;
    private final int slowClose;

    KeepAlive(TimerWheel wheel, SocketTimeouts timeouts) {
        this.wheel = wheel;
        this.ping = wheel.ticks(timeouts.ping());
        this.idle = wheel.ticks(timeouts.idle());
        this.message = wheel.ticks(timeouts.message());
        this.close = wheel.ticks(timeouts.close());
        this.slowClose = Math.max(close, wheel.ticks(SLOW_CLOSE));
    }

    /**
     * When a new connection is pinged first: at a random moment of the second half of the interval, so that clients that
     * came all at once, after a node's restart say, are not pinged all at once for ever.
     */
    int firstPing() {
        return wheel.now() + ping - ThreadLocalRandom.current().nextInt((ping + 1) / 2);
    }

    int nextPing() {
        return wheel.now() + ping;
    }

    /** When a client last heard of at {@code seen} counts as gone. */
    int silentUntil(int seen) {
        return seen + idle;
    }

    /** When a message begun at {@code since} takes too long. */
    int messageUntil(int since) {
        return since + message;
    }

    /** When a socket is cut whose client does not answer our close frame. */
    int closeUntil(boolean slow) {
        return wheel.now() + (slow ? slowClose : close);
    }
}

package dev.muster.node.limit;

/** A window that connections of several event loops share, with what is used of it elsewhere. Any thread. */
final class SharedWindow {

    private final int limit;
    private final SlidingWindow window;
    private int elsewhere;
    private long elsewhereUntil;
    private long usedAt;
    private boolean forgotten;

    SharedWindow(Allowance allowance, long now) {
        this.limit = allowance.count();
        this.window = new SlidingWindow(allowance.count(), allowance.windowNanos(), now);
        this.elsewhereUntil = now;
        this.usedAt = now;
    }

    /** See {@link SlidingWindow#take}. */
    synchronized long take(long now) {
        usedAt = now;
        return window.take(now, limit - (elsewhereUntil - now > 0 ? elsewhere : 0));
    }

    /** How many were counted here within the last window. */
    synchronized int recent(long now) {
        return window.recent(now);
    }

    /**
     * Other nodes have counted so many.
     *
     * @param until as long as this holds, ns
     */
    synchronized void elsewhere(int count, long until) {
        elsewhere = count;
        elsewhereUntil = until;
    }

    /** Forgets it, if it has not been used for so long that nothing in it counts any more. */
    synchronized boolean forgetIfIdle(long now, long nanos) {
        forgotten = now - usedAt >= nanos && elsewhereUntil - now <= 0;
        return forgotten;
    }

    /** Whether it counts for nothing any more, and its place may have been taken by another. */
    synchronized boolean isForgotten() {
        return forgotten;
    }
}

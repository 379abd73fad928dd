package dev.muster.node.sync.session;

/** The event loop on which everything about a space happens. */
interface SpaceLoop {

    /** Any thread. */
    void execute(Runnable task);

    /** Runs a task later. */
    void after(long nanos, Runnable task);

    /** A monotonic clock, in ns. */
    long nanoTime();
}

package dev.muster.node.ops;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How late event loops are: a task that should run every half second measures by how much it does not. A loop that
 * something blocks shows here before clients complain.
 */
public final class LoopLag implements AutoCloseable {

    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** A figure is remembered for one to two of these, so that several readers see it. */
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final List<ScheduledFuture<?>> tasks = new ArrayList<>();

    /** Guarded by this. */
    private long windowBegan;

    private long worst;
    private long worstBefore;

    /**
     * Starts measuring.
     *
     * @param loops all loops of the node
     * @param nanoTime monotonic, in ns
     */
    public LoopLag(EventExecutorGroup loops, LongSupplier nanoTime) {
        windowBegan = nanoTime.getAsLong();
        for (EventExecutor loop : loops) {
            Runnable task = new Runnable() {
                private long due = nanoTime.getAsLong() + PERIOD_NANOS;

                @Override
                public void run() {
                    long now = nanoTime.getAsLong();
                    late(now - due, now);
                    due = now + PERIOD_NANOS;
                }
            };
            tasks.add(loop.scheduleWithFixedDelay(task, PERIOD_NANOS, PERIOD_NANOS, TimeUnit.NANOSECONDS));
        }
    }

    private synchronized void late(long nanos, long now) {
        if (now - windowBegan > WINDOW_NANOS) {
            windowBegan = now;
            worstBefore = worst;
            worst = 0;
        }
        worst = Math.max(worst, nanos);
    }

    /** The longest delay of the last half minute or more, in seconds. */
    public synchronized double worstSeconds() {
        return Math.max(worst, worstBefore) / 1e9;
    }

    @Override
    public void close() {
        tasks.forEach(task -> task.cancel(false));
    }
}

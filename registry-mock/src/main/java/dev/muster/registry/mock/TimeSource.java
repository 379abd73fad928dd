package dev.muster.registry.mock;

import java.time.Duration;

/** The time of an in-memory cluster: the machine's, or a {@link VirtualTime} that a test moves. */
public interface TimeSource {

    /** A task that has been put off. */
    interface Alarm {

        /** Forgets the task if it has not run. */
        void cancel();
    }

    /** A monotonic clock, in ns. */
    long nanoTime();

    /** The time of day, in ms since 1970. */
    long currentTimeMillis();

    /** Runs {@code task} once, {@code delay} from now, on any thread. */
    Alarm after(Duration delay, Runnable task);
}

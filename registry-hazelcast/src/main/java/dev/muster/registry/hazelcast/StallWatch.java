package dev.muster.registry.hazelcast;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices by the gaps between its ticks that this process stood still: frozen, starved, or in a long pause of the
 * garbage collector. Meanwhile the other nodes may have gone on without it. Thread-safe.
 */
final class StallWatch {

    /** Shorter than this nobody calls it standing still. */
    private static final long LEAST_NANOS = 500_000_000;

    /** How long after a short stall a lost member may have been lost by it. */
    private static final long MEMORY_NANOS = 5_000_000_000L;

    private final LongSupplier nanoTime;
    private final long longestSilence;

    private volatile long tickedAt;
    private volatile long shortStallAt;
    private volatile boolean shortStall;

    /** {@code longestSilence} is what the others bear. */
    StallWatch(LongSupplier nanoTime, Duration longestSilence) {
        this.nanoTime = nanoTime;
        this.longestSilence = longestSilence.toNanos();
        tickedAt = nanoTime.getAsLong();
    }

    private long gap() {
        return nanoTime.getAsLong() - tickedAt;
    }

    /** To be called at regular, short intervals. */
    void tick() {
        if (gap() > shortest()) {
            shortStallAt = nanoTime.getAsLong();
            shortStall = true;
        }
        tickedAt = nanoTime.getAsLong();
    }

    /** Whether the process stands or stood still, without a tick since, for as long as the others bear. */
    boolean stalled() {
        return gap() > longestSilence;
    }

    /**
     * Whether the others may have dropped this process now or a moment ago. They may not have heard of it for a while
     * when it stood still, so a stall that is a heartbeat shorter than what they bear may be long enough.
     */
    boolean mayHaveBeenDropped() {
        return gap() > shortest() || shortStall && nanoTime.getAsLong() - shortStallAt < MEMORY_NANOS;
    }

    private long shortest() {
        return Math.max(LEAST_NANOS, longestSilence - 3 * LEAST_NANOS);
    }
}

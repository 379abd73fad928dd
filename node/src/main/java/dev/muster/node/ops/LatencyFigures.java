package dev.muster.node.ops;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long messages took, kept in buckets of which each is an eighth wider than the one before. Any thread.
 */
final class LatencyFigures {

    /** Eight buckets for each doubling, from 1 µs to over an hour. */
    private static final int STEPS = 8;

    private static final int BUCKETS = 32 * STEPS;

    private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    void record(long tookNanos) {
        count.increment();
        nanos.add(tookNanos);
        buckets.incrementAndGet(bucket(tookNanos));
    }

    private static int bucket(long tookNanos) {
        double doublings = Math.log(Math.max(1.0, tookNanos / 1e3)) / Math.log(2);
        return Math.min(BUCKETS - 1, (int) (doublings * STEPS));
    }

    long count() {
        return count.sum();
    }

    double seconds() {
        return nanos.sum() / 1e9;
    }

    /** In ms; 0 if nothing was recorded. */
    double averageMillis() {
        long recorded = count.sum();
        return recorded == 0 ? 0 : nanos.sum() / 1e6 / recorded;
    }

    /**
     * How many took how long: under 2^first µs, then under each doubling of that up to 2^last µs, then all others.
     */
    long[] counts(int first, int last) {
        long[] counts = new long[last - first + 2];
        for (int i = 0; i < BUCKETS; i++) {
            int doubling = i / STEPS + 1;
            counts[Math.min(Math.max(doubling, first), last + 1) - first] += buckets.get(i);
        }
        return counts;
    }

    /** The upper bound of the bucket of the slowest hundredth, in ms; 0 if nothing was recorded. */
    double p99Millis() {
        long all = 0;
        for (int i = 0; i < BUCKETS; i++) {
            all += buckets.get(i);
        }
        long rank = (all * 99 + 99) / 100;
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += buckets.get(i);
            if (seen >= rank && seen > 0) {
                return Math.pow(2, (i + 1.0) / STEPS) / 1e3;
            }
        }
        return 0;
    }
}

package dev.muster.node.limit;

import java.util.concurrent.TimeUnit;

/**
 * At most so many events in any time of a given length, to a thousandth of it: it remembers when the last ones were, and
 * lets one pass if the one that many before it is long enough ago. What is refused is not counted, so whoever waits as
 * long as told gets through. Takes 4 bytes for each event that was counted lately, nothing before the first, and makes
 * no garbage. One thread at a time; times are ns of a monotonic clock.
 */
final class SlidingWindow {

    /** The window in its own units. */
    private static final int WINDOW = 1_000;

    private static final int FIRST_LENGTH = 8;
    private static final int[] NONE = {};

    private final int limit;
    private final long unitNanos;
    private final long startNanos;

    /**
     * The times of the last events, in units since the start; a ring once it is as long as the limit. An int is enough:
     * neighbours are less than a window apart, or all before are forgotten, so a million of them span 1e9 units.
     */
    private int[] times = NONE;

    /** Events that are remembered. */
    private int count;

    /** Where the next time is put. */
    private int next;

    private long last;

    /**
     * @param limit 1 to 1,000,000
     * @param windowNanos at least 1 µs
     * @param now the present time
     */
    SlidingWindow(int limit, long windowNanos, long now) {
        this.limit = limit;
        this.unitNanos = Math.max(1, windowNanos / WINDOW);
        this.startNanos = now;
    }

    /** Counts an event and returns 0, or returns in how many ns the next one may pass. */
    long take(long now) {
        return take(now, limit);
    }

    /**
     * The same with fewer events.
     *
     * @param most so many, at most the limit
     */
    long take(long now, int most) {
        long unit = (now - startNanos) / unitNanos;
        forgetIfQuiet(unit);
        long wait = unitsToWait(unit, most);
        if (wait > 0) {
            return wait * unitNanos;
        }
        if (count == times.length && count < limit) {
            grow();
        }
        times[next] = (int) unit;
        next = next + 1 == limit ? 0 : next + 1;
        count = Math.min(count + 1, limit);
        last = unit;
        return 0;
    }

    private int unitsToWait(long unit, int most) {
        if (most <= 0) {
            return WINDOW;
        }
        return count < most ? 0 : Math.max(0, WINDOW - ((int) unit - time(most)));
    }

    /** How many were counted within the last window. */
    int recent(long now) {
        long unit = (now - startNanos) / unitNanos;
        forgetIfQuiet(unit);
        int recent = 0;
        while (recent < count && (int) unit - time(recent + 1) < WINDOW) {
            recent++;
        }
        return recent;
    }

    /** When the last one was, or the one so many before. */
    private int time(int back) {
        int at = next - back;
        return times[at < 0 ? at + times.length : at];
    }

    private void forgetIfQuiet(long unit) {
        if (count > 0 && unit - last >= WINDOW) {
            count = 0;
            next = 0;
        }
    }

    private void grow() {
        int[] longer = new int[Math.min(limit, Math.max(FIRST_LENGTH, 2 * times.length))];
        System.arraycopy(times, 0, longer, 0, times.length);
        times = longer;
    }

    /** {@code nanos} as ms, rather too long than too short. */
    static long millis(long nanos) {
        return nanos == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos - 1) + 1;
    }
}

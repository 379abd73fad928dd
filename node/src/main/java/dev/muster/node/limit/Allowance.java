package dev.muster.node.limit;

/**
 * So many in so much time.
 *
 * @param count how many; 0 for no limit
 * @param windowNanos in what time
 */
public record Allowance(int count, long windowNanos) {

    /** No limit. */
    public static final Allowance NONE = new Allowance(0, 1_000_000_000L);

    /** Whether there is none. */
    boolean isNone() {
        return count == 0;
    }

    /** The same time, but so many times as much. */
    Allowance times(int factor) {
        return new Allowance((int) Math.min((long) count * factor, Integer.MAX_VALUE / 2), windowNanos);
    }
}

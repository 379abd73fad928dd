package dev.muster.node.cli.connect;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: anything up to a bound that doubles, so that many clients who lost the same node
 * do not come back at once.
 */
final class BackOff {

    static final long FIRST_MS = 500;
    static final long MOST_MS = 15_000;

    private final DoubleSupplier random;
    private int tries;

    /**
     * @param random 0 to 1
     */
    BackOff(DoubleSupplier random) {
        this.random = random;
    }

    /** ms until the next try; at least 1. */
    long next() {
        long bound = Math.min(MOST_MS, FIRST_MS << Math.min(tries, 10));
        tries++;
        return 1 + (long) (random.getAsDouble() * (bound - 1));
    }

    /** A try succeeded. */
    void reset() {
        tries = 0;
    }
}

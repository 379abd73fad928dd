package dev.muster.node.transport;

import java.time.Duration;

/** The ranges of this package's options. */
final class OptionCheck {

    private OptionCheck() {}

    static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is at least " + least + ", but is " + value);
        }
    }

    static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is longer than nothing, but is " + value);
        }
    }
}

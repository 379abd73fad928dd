package dev.muster.node.config;

import java.time.Duration;

/**
 * What a number may be.
 *
 * @param option whose range it is
 * @param least inclusive
 * @param most inclusive
 */
record Range<T extends Comparable<T>>(String option, T least, T most) {

    /** Returns {@code value} if it is in the range. */
    T check(T value) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidOption(option, "must be " + this + ", but is " + shown(value));
        }
        return value;
    }

    @Override
    public String toString() {
        return shown(least) + " to " + shown(most);
    }

    static String shown(Object value) {
        return value instanceof Duration duration ? Durations.show(duration) : value.toString();
    }
}

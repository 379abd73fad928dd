package dev.muster.node.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it: {@code 4096}, {@code 64KiB}, {@code 1MiB}; {@code k} and {@code m} do too.
 *
 * @param bytes how many
 */
record ByteSize(long bytes) implements Comparable<ByteSize> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})(?:(k|m|g)(?:ib|b)?|b)?");

    /**
     * @throws IllegalArgumentException if it is not one
     */
    static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size");
        }
        String unit = matcher.group(2);
        int shift = unit == null ? 0 : 10 * (1 + "kmg".indexOf(unit));
        return new ByteSize(Long.parseLong(matcher.group(1)) << shift);
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The shortest form that {@link #parse} reads back. */
    @Override
    public String toString() {
        if (bytes > 0 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes > 0 && bytes % 1024 == 0 ? (bytes >> 10) + "KiB" : Long.toString(bytes);
    }
}

package dev.muster.node.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that no other connection in the cluster has, had or will have: the node's incarnation (64 random bits, drawn at
 * every start) and a count. At most 22 characters of {@code [A-Za-z0-9_-]}. Any thread.
 */
public final class ConnectionIds {

    private static final char[] DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray();
    private static final int INCARNATION_DIGITS = 11;

    private final String prefix;
    private final AtomicLong count = new AtomicLong();

    /**
     * @param incarnation the node's; see {@code NodeId}
     */
    public ConnectionIds(long incarnation) {
        char[] digits = new char[INCARNATION_DIGITS];
        long rest = incarnation;
        for (int i = INCARNATION_DIGITS - 1; i >= 0; i--) {
            digits[i] = DIGITS[(int) (rest & 63)];
            rest >>>= 6;
        }
        prefix = new String(digits);
    }

    /** The next id. */
    public String next() {
        long number = count.getAndIncrement();
        StringBuilder id = new StringBuilder(16).append(prefix);
        do {
            id.append(DIGITS[(int) (number & 63)]);
            number >>>= 6;
        } while (number != 0);
        return id.toString();
    }
}

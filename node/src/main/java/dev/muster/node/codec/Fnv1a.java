package dev.muster.node.codec;

/** The hash FNV-1a of 64 bits; draft-eastlake-fnv-21 gives both of its numbers. */
public final class Fnv1a {

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Fnv1a() {}

    /** Of the bytes of an ASCII text. */
    public static long of(String ascii) {
        long hash = OFFSET;
        for (int i = 0; i < ascii.length(); i++) {
            hash = (hash ^ ascii.charAt(i)) * PRIME;
        }
        return hash;
    }
}

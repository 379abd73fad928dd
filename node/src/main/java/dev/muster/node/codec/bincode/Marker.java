package dev.muster.node.codec.bincode;

/**
 * The first byte of an integer of variable length: up to {@link #MAX_SINGLE} it is the integer itself, above it says how
 * many bytes follow.
 */
final class Marker {

    /** The largest integer that takes one byte. */
    static final int MAX_SINGLE = 250;

    /** Two bytes follow. */
    static final int U16 = 0xFB;
    /** Four bytes follow. */
    static final int U32 = 0xFC;
    /** Eight bytes follow. */
    static final int U64 = 0xFD;
    /** Sixteen bytes follow, which no type of ours has. */
    static final int U128 = 0xFE;

    private Marker() {}
}

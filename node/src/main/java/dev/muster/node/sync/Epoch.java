package dev.muster.node.sync;

import dev.muster.node.codec.Fnv1a;
import dev.muster.registry.Position;

/**
 * An epoch of a space's log, and how its changes are numbered for those who know nothing of epochs.
 *
 * <p>When a registry has lost what it had, offsets begin again. So they are counted from a base that the name of the epoch
 * gives, the same on every node: that a revision of before is by accident that of another change has one chance in 2⁵².
 *
 * @param base less than 2⁵², so that revisions are less than 2⁵³: browsers know such numbers exactly
 */
record Epoch(String name, long base) {

    private static final int BASE_BITS = 52;

    /** Odd, close to 2⁶⁴ divided by the golden ratio: spreads to the upper bits what differs in any (Knuth, 6.4). */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    static Epoch of(String name) {
        return new Epoch(name, Fnv1a.of(name) * SPREAD >>> (Long.SIZE - BASE_BITS));
    }

    /** The revision of what a publication at {@code offset} set; never 0. */
    long revision(long offset) {
        return base + offset;
    }

    static long revisionOf(Position position) {
        return of(position.epoch()).revision(position.offset());
    }
}

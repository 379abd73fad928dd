package dev.muster.node.sync;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that no other node makes, without asking any: 40 random bits, drawn when a node starts and whenever the other 24
 * have been counted through, and that count. Two of n draws ever made for one space are the same with a chance of
 * n² ÷ 2⁴¹; a spawn that meets such an id is refused by the registry and takes another. Any thread.
 */
final class EntityIds {

    private static final int COUNT_BITS = 24;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The id handed out last; its prefix is used up when its count is all ones. */
    private final AtomicLong last;

    /**
     * @param random whose highest 40 bits are the first prefix
     */
    EntityIds(long random) {
        last = new AtomicLong(prefix(random));
    }

    private static long prefix(long random) {
        long prefix = random & ~COUNT_MASK;
        // All ones would come to Entity.NEW; all zeros is left to whoever numbers by hand.
        return prefix == 0 || prefix == ~COUNT_MASK ? 1L << COUNT_BITS : prefix;
    }

    /** The next id. */
    Entity next() {
        return new Entity(last.updateAndGet(
                before -> (before & COUNT_MASK) == COUNT_MASK ? prefix(RANDOM.nextLong()) + 1 : before + 1));
    }

    /** Somebody else has had this prefix: goes on with another. */
    void renew() {
        last.set(prefix(RANDOM.nextLong()));
    }
}

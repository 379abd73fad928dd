package dev.muster.registry;

import java.time.Duration;
import java.util.Objects;

/**
 * How a group is kept. A group keeps the policy of its latest join or publish; leaving, unregistering and the sweep
 * of a dead node go by the kept one.
 *
 * @param historyCount newest messages a joiner may ask for, 0 for none
 * @param historyAge how old they may be
 * @param historyBytes how many bytes of payload they may have together
 * @param presence whether joins and leaves are publications
 */
public record GroupPolicy(int historyCount, Duration historyAge, long historyBytes, Presence presence) {

    /** Whether joins and leaves are published. Membership itself is exact with either. */
    public enum Presence {
        /** Each real change is one JOINED or LEFT (R09). */
        EVENTS,
        /** No publication tells of it. */
        OFF
    }

    /** 100 messages, 60 s, 1 MiB, with presence events. */
    public static final GroupPolicy DEFAULT = new GroupPolicy(100, Duration.ofSeconds(60), 1 << 20, Presence.EVENTS);

    /** The newest messages every group keeps to close gaps of a feed, whatever its history says. */
    public static final int REPAIR_MESSAGES = 64;

    /** How long {@link #REPAIR_MESSAGES} are kept; the newest message longer, until the group goes. */
    public static final Duration REPAIR_AGE = Duration.ofSeconds(30);

    /** The repair tail of a group that has entries. */
    public static final int REPAIR_MESSAGES_WITH_ENTRIES = 1_000;

    /** The repair age of a group that has entries. */
    public static final Duration REPAIR_AGE_WITH_ENTRIES = Duration.ofSeconds(60);

    /** Membership changes a group keeps. */
    public static final int MEMBERSHIP_CHANGES = 128;

    /** How long membership changes are kept. */
    public static final Duration MEMBERSHIP_AGE = Duration.ofSeconds(60);

    public GroupPolicy {
        Objects.requireNonNull(historyAge, "historyAge");
        Objects.requireNonNull(presence, "presence");
        if (historyCount < 0 || historyCount > 10_000) {
            throw new IllegalArgumentException("historyCount must be 0 to 10000, but is " + historyCount);
        }
        if (historyAge.isNegative() || historyAge.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("historyAge must be 0 to 24 h, but is " + historyAge);
        }
        if (historyBytes < 0) {
            throw new IllegalArgumentException("historyBytes must not be negative, but is " + historyBytes);
        }
    }

    /** The same with {@code presence}. */
    public GroupPolicy withPresence(Presence presence) {
        return new GroupPolicy(historyCount, historyAge, historyBytes, presence);
    }

    /** The same with a history of {@code count} messages kept for {@code age}. */
    public GroupPolicy withHistory(int count, Duration age) {
        return new GroupPolicy(count, age, historyBytes, presence);
    }
}

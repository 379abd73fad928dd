package dev.muster.registry.mock;

import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Slice;
import dev.muster.registry.Slice.Completeness;
import dev.muster.registry.mock.LogTail.Logged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A group's publications: one dense sequence of offsets (R11), kept in two tails so that joins and leaves never flush
 * history (R09).
 */
final class GroupLog {

    private final Epochs epochs;
    private final LogTail messages;
    private final LogTail memberships;
    private long head;

    GroupLog(String epoch) {
        epochs = new Epochs(epoch);
        messages = new LogTail();
        memberships = new LogTail();
    }

    GroupLog(GroupLog other) {
        epochs = new Epochs(other.epochs);
        messages = new LogTail(other.messages);
        memberships = new LogTail(other.memberships);
        head = other.head;
    }

    /** The position of the newest publication. */
    Position head() {
        return new Position(epochs.current(), head);
    }

    /** Where the next publication goes. */
    Position next() {
        return new Position(epochs.current(), head + 1);
    }

    /** Adds a publication made for {@link #next()}. */
    void append(Publication publication, long now) {
        head++;
        LogTail tail = publication.kind().isMembership() ? memberships : messages;
        tail.add(new Logged(publication, head, now));
    }

    /** The backend was restarted: what came after the head is lost, if there was anything. */
    void beginEpoch(String epoch) {
        epochs.begin(epoch, head);
    }

    /** Whether the log goes on from {@code after}, and if not, why. */
    Completeness continues(Position after) {
        return epochs.continues(after, head);
    }

    /** Drops what neither the policy nor the repair of feeds wants any more. */
    void trim(GroupPolicy policy, boolean withEntries, long now) {
        int repairCount = withEntries ? GroupPolicy.REPAIR_MESSAGES_WITH_ENTRIES : GroupPolicy.REPAIR_MESSAGES;
        Duration repairAge = withEntries ? GroupPolicy.REPAIR_AGE_WITH_ENTRIES : GroupPolicy.REPAIR_AGE;
        // The newest message always stays. What is wanted is a tail, so it is enough to look at the oldest.
        while (messages.size() > 1) {
            long age = now - messages.oldest().acceptedAt();
            boolean history = messages.size() <= policy.historyCount()
                    && messages.bytes() <= policy.historyBytes()
                    && age <= policy.historyAge().toNanos();
            boolean repair = messages.size() <= repairCount && age <= repairAge.toNanos();
            if (history || repair) {
                break;
            }
            messages.dropOldest();
        }
        long keptSince = now - GroupPolicy.MEMBERSHIP_AGE.toNanos();
        while (memberships.size() > 0
                && (memberships.size() > GroupPolicy.MEMBERSHIP_CHANGES
                        || memberships.oldest().acceptedAt() - keptSince < 0)) {
            memberships.dropOldest();
        }
    }

    /**
     * Whether an empty group's log is no longer wanted: its history is too old, and so is what repairs feeds, which
     * an empty group keeps for {@code idle} at most (R08).
     */
    boolean expired(GroupPolicy policy, Duration idle, long now) {
        long wanted = Math.min(GroupPolicy.REPAIR_AGE.toNanos(), idle.toNanos());
        if (policy.historyCount() > 0) {
            wanted = Math.max(wanted, policy.historyAge().toNanos());
        }
        long wantedMemberships = Math.min(GroupPolicy.MEMBERSHIP_AGE.toNanos(), idle.toNanos());
        return olderThan(messages, wanted, now) && olderThan(memberships, wantedMemberships, now);
    }

    private static boolean olderThan(LogTail tail, long age, long now) {
        return tail.size() == 0 || now - tail.newest().acceptedAt() >= age;
    }

    /** The publications after a position, both tails merged. The log must have been trimmed just before. */
    Slice read(Position after, int limit) {
        Completeness continued = continues(after);
        if (continued != Completeness.COMPLETE) {
            return Slice.broken(head(), continued);
        }
        List<Publication> found = new ArrayList<>();
        Position through = after;
        int message = messages.firstAfter(after.offset());
        int membership = memberships.firstAfter(after.offset());
        while (found.size() < limit && (message < messages.size() || membership < memberships.size())) {
            boolean takeMessage = membership == memberships.size()
                    || message < messages.size()
                            && messages.get(message).offset()
                                    < memberships.get(membership).offset();
            Logged next = takeMessage ? messages.get(message++) : memberships.get(membership++);
            found.add(next.publication());
            through = positionOf(next);
        }
        if (message == messages.size() && membership == memberships.size()) {
            through = head();
        }
        return new Slice(found, through, head(), mark(messages, after), mark(memberships, after));
    }

    private Position positionOf(Logged logged) {
        Position position = logged.publication().position();
        return position == null ? head().at(logged.offset()) : position;
    }

    private static Completeness mark(LogTail tail, Position after) {
        return after.offset() >= tail.lostThrough() ? Completeness.COMPLETE : Completeness.TRIMMED;
    }
}

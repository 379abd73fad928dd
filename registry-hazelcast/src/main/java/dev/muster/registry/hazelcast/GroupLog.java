package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.Slice.Completeness;
import java.io.IOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A group's publications: one dense sequence of offsets (R11), kept in two tails so that joins and leaves never flush
 * history (R09).
 */
final class GroupLog {

    /** Bytes after which an answer to a read ends, so that no reply stalls the wire between members. */
    private static final long READ_BYTES = 4L << 20;

    private final Epochs epochs;
    private final LogTail messages;
    private final LogTail memberships;
    private long head;

    GroupLog(String epoch) {
        this(new Epochs(epoch), new LogTail(), new LogTail());
    }

    private GroupLog(Epochs epochs, LogTail messages, LogTail memberships) {
        this.epochs = epochs;
        this.messages = messages;
        this.memberships = memberships;
    }

    Epochs epochs() {
        return epochs;
    }

    /** The position of the newest publication. */
    Position head() {
        return new Position(epochs.current(), head);
    }

    long headOffset() {
        return head;
    }

    void beginEpoch(String epoch) {
        long forgotten = epochs.begin(epoch, head);
        messages.dropThrough(forgotten);
        memberships.dropThrough(forgotten);
    }

    Logged append(byte sort, byte[] body, int payloadBytes, long now) {
        Logged logged = new Logged(++head, now, sort, body, payloadBytes);
        (logged.isMembership() ? memberships : messages).add(logged);
        return logged;
    }

    /**
     * Drops what neither the policy nor the repair of feeds wants any more. What is wanted is a tail, so it is enough
     * to look at the oldest; the newest message always stays.
     */
    boolean trim(GroupPolicy policy, boolean withEntries, long now) {
        int before = messages.size() + memberships.size();
        while (messages.size() > 1
                && !wanted(policy, withEntries, messages.oldest(), messages.size(), messages.bytes(), now)) {
            messages.dropOldest();
        }
        while (memberships.size() > 0 && !wantedMembership(memberships.oldest(), memberships.size(), now)) {
            memberships.dropOldest();
        }
        return messages.size() + memberships.size() < before;
    }

    private static boolean wanted(
            GroupPolicy policy, boolean withEntries, @Nullable Logged oldest, int count, long bytes, long now) {
        if (oldest == null) {
            return true;
        }
        long age = now - oldest.time();
        boolean history = count <= policy.historyCount()
                && bytes <= policy.historyBytes()
                && age <= policy.historyAge().toMillis();
        if (withEntries) {
            return history
                    || count <= GroupPolicy.REPAIR_MESSAGES_WITH_ENTRIES
                            && age <= GroupPolicy.REPAIR_AGE_WITH_ENTRIES.toMillis();
        }
        return history || count <= GroupPolicy.REPAIR_MESSAGES && age <= GroupPolicy.REPAIR_AGE.toMillis();
    }

    private static boolean wantedMembership(@Nullable Logged oldest, int count, long now) {
        return oldest == null
                || count <= GroupPolicy.MEMBERSHIP_CHANGES
                        && now - oldest.time() <= GroupPolicy.MEMBERSHIP_AGE.toMillis();
    }

    /** Whether there is something that {@link #trim} would drop. */
    boolean overdue(GroupPolicy policy, boolean withEntries, long now) {
        return messages.size() > 1
                        && !wanted(policy, withEntries, messages.oldest(), messages.size(), messages.bytes(), now)
                || !wantedMembership(memberships.oldest(), memberships.size(), now);
    }

    /**
     * Whether an empty group's log is no longer wanted: its history is too old, and so is what repairs feeds, which an
     * empty group keeps for {@code idle} at most (R08).
     */
    boolean expired(GroupPolicy policy, long idle, long now) {
        long wanted = Math.min(GroupPolicy.REPAIR_AGE.toMillis(), idle);
        if (policy.historyCount() > 0) {
            wanted = Math.max(wanted, policy.historyAge().toMillis());
        }
        long wantedMemberships = Math.min(GroupPolicy.MEMBERSHIP_AGE.toMillis(), idle);
        return olderThan(messages.newest(), wanted, now) && olderThan(memberships.newest(), wantedMemberships, now);
    }

    private static boolean olderThan(@Nullable Logged newest, long age, long now) {
        return newest == null || now - newest.time() >= age;
    }

    /**
     * What comes after a position, both tails merged. Changes nothing: what is overdue is passed over as if it had
     * been trimmed already.
     */
    SliceAnswer read(Position after, int limit, GroupPolicy policy, boolean withEntries, long now) {
        Completeness continued = epochs.continues(after, head);
        if (continued != Completeness.COMPLETE) {
            return SliceAnswer.broken(head(), continued, epochs.provesLoss(after));
        }
        Cursor message = new Cursor(messages);
        Cursor membership = new Cursor(memberships);
        int count = messages.size();
        long bytes = messages.bytes();
        while (count > 1 && !wanted(policy, withEntries, message.next, count, bytes, now)) {
            bytes -= message.payloadBytes();
            count--;
            message.skip();
        }
        for (int left = memberships.size(); left > 0 && !wantedMembership(membership.next, left, now); left--) {
            membership.skip();
        }
        SliceAnswer answer =
                new SliceAnswer(head(), mark(message.lostThrough, after), mark(membership.lostThrough, after));
        message.advanceBeyond(after.offset());
        membership.advanceBeyond(after.offset());
        merge(message, membership, limit, answer);
        return answer;
    }

    private void merge(Cursor message, Cursor membership, int limit, SliceAnswer answer) {
        long bytes = 0;
        while (answer.size() < limit && bytes < READ_BYTES) {
            Logged first = message.next;
            Logged second = membership.next;
            if (first == null && second == null) {
                return;
            }
            boolean takeMessage = second == null || first != null && first.offset() < second.offset();
            Logged taken = takeMessage ? message.take() : membership.take();
            bytes += taken.body().length;
            answer.add(taken, epochs.of(taken.offset()));
        }
        if (message.next != null || membership.next != null) {
            answer.endEarly();
        }
    }

    private static Completeness mark(long lostThrough, Position after) {
        return after.offset() >= lostThrough ? Completeness.COMPLETE : Completeness.TRIMMED;
    }

    /** Walks over a tail. */
    private static final class Cursor {
        private final Iterator<Logged> rest;
        private @Nullable Logged next;
        private long lostThrough;

        Cursor(LogTail tail) {
            rest = tail.iterator();
            lostThrough = tail.lostThrough();
            next = rest.hasNext() ? rest.next() : null;
        }

        int payloadBytes() {
            return next == null ? 0 : next.payloadBytes();
        }

        /** Passes the next one over as trimmed. */
        void skip() {
            lostThrough = take().offset();
        }

        void advanceBeyond(long offset) {
            while (next != null && next.offset() <= offset) {
                take();
            }
        }

        Logged take() {
            Logged taken = next;
            if (taken == null) {
                throw new IllegalStateException("the tail has ended");
            }
            next = rest.hasNext() ? rest.next() : null;
            return taken;
        }
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeLong(head);
        epochs.write(out);
        messages.write(out);
        memberships.write(out);
    }

    static GroupLog read(ObjectDataInput in) throws IOException {
        long head = in.readLong();
        GroupLog log = new GroupLog(Epochs.read(in), LogTail.read(in), LogTail.read(in));
        log.head = head;
        return log;
    }
}

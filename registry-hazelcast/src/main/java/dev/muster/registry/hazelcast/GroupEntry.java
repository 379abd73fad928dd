package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All there is of one group: one entry of the groups map, kept as an object and changed in place by
 * {@link GroupBatch} on the thread of its partition, and by nothing else.
 */
final class GroupEntry implements IdentifiedDataSerializable {

    private static final NodeRef[] NOBODY = {};

    /** A batch's answers are kept this long, in ms: no invocation is retried later than that. */
    private static final long BATCH_MEMORY = 120_000;

    /** The newest batch of a node and what was answered: if Hazelcast retries it, it must not take effect again. */
    private record Answered(long sequence, BatchAnswer answer, long at) {}

    private GroupLog log;
    private Members members = new Members();
    private @Nullable KeyedEntries entries;
    private @Nullable Dedupe dedupe;
    private NodeRef[] watchers = NOBODY;
    private GroupPolicy policy = GroupPolicy.DEFAULT;
    private Map<Long, Answered> answered = new HashMap<>(2);
    private UUID owner;
    private long touchedAt;
    private long restoredAt;

    /** What the batch under way has appended, and whether it has changed anything. Empty between batches. */
    private transient List<Logged> appended = List.of();

    /** Parcels that the batch under way wants told. */
    private transient List<byte[]> told = List.of();

    /** Made for the batch under way. */
    private transient boolean fresh;

    private transient boolean changed;
    private transient boolean tidied;
    private transient boolean gone;

    /** For deserialization. */
    GroupEntry() {
        this(new Stamp(0, new UUID(0, 0), Serials.NOWHERE.epoch(), false, 0, 0));
    }

    GroupEntry(Stamp stamp) {
        log = new GroupLog(stamp.epoch());
        owner = stamp.owner();
        touchedAt = stamp.now();
        fresh = true;
    }

    // ---- a batch ----

    /** Applies a batch; the same on the owner and on the backup. */
    BatchAnswer apply(GroupBatch batch, Stamp stamp) {
        changed = false;
        tidied = false;
        gone = false;
        appended = List.of();
        told = List.of();
        List<OpAnswer> answers = new ArrayList<>(batch.ops().size());
        for (GroupOp op : batch.ops()) {
            answers.add(op.apply(this, batch.caller(), stamp));
        }
        fresh = false;
        BatchAnswer answer = new BatchAnswer(answers);
        if (changed) {
            answered.put(batch.caller().incarnation(), new Answered(batch.sequence(), answer, stamp.now()));
            log.trim(policy, hasEntries(), stamp.now());
        }
        return answer;
    }

    /** What the batch was answered if it was applied already; null if it is new. */
    @Nullable
    BatchAnswer repeated(GroupBatch batch) {
        Answered before = answered.get(batch.caller().incarnation());
        return before == null || before.sequence != batch.sequence() ? null : before.answer;
    }

    /** Every change but tidying begins with this. */
    void touch(Stamp stamp) {
        if (!changed) {
            changed = true;
            if (stamp.beginEpoch()) {
                log.beginEpoch(stamp.epoch());
            }
            owner = stamp.owner();
        }
        touchedAt = stamp.now();
    }

    boolean fresh() {
        return fresh;
    }

    /** Whether the latest batch left anything to be kept. */
    boolean dirty() {
        return changed || tidied;
    }

    boolean gone() {
        return gone;
    }

    /** What the latest batch appended; the caller takes it away. */
    List<Logged> takeAppended() {
        List<Logged> taken = appended;
        appended = List.of();
        return taken;
    }

    void tell(byte[] parcel) {
        if (told.isEmpty()) {
            told = new ArrayList<>(2);
        }
        told.add(parcel);
    }

    /** What the latest batch wants told to all that watch, besides what it appended; the caller takes it away. */
    List<byte[]> takeTold() {
        List<byte[]> taken = told;
        told = List.of();
        return taken;
    }

    /** Which member made the newest change. */
    UUID owner() {
        return owner;
    }

    /** When the newest change was made, in ms of the cluster's clock. */
    long touchedAt() {
        return touchedAt;
    }

    // ---- log ----

    GroupLog log() {
        return log;
    }

    Position head() {
        return log.head();
    }

    void append(byte sort, byte[] body, int payloadBytes, Stamp stamp) {
        Logged logged = log.append(sort, body, payloadBytes, stamp.now());
        if (appended.isEmpty()) {
            appended = new ArrayList<>(2);
        }
        appended.add(logged);
    }

    SliceAnswer read(Position after, int limit, long now) {
        return log.read(after, limit, policy, hasEntries(), now);
    }

    GroupPolicy policy() {
        return policy;
    }

    void keep(GroupPolicy policy) {
        this.policy = policy;
    }

    // ---- members ----

    Members members() {
        return members;
    }

    void announce(byte sort, byte[] record, Stamp stamp) {
        if (policy.presence() == Presence.EVENTS) {
            append(sort, record, 0, stamp);
        }
    }

    void remove(Members.Member member, Stamp stamp) {
        touch(stamp);
        members.remove(member);
        announce(Logged.LEFT, member.record, stamp);
    }

    // ---- watchers ----

    NodeRef[] watchers() {
        return watchers;
    }

    boolean isWatchedBy(long incarnation) {
        for (NodeRef watcher : watchers) {
            if (watcher.incarnation() == incarnation) {
                return true;
            }
        }
        return false;
    }

    void watch(NodeRef node) {
        NodeRef[] more = Arrays.copyOf(watchers, watchers.length + 1);
        more[watchers.length] = node;
        watchers = more;
    }

    void unwatch(long incarnation) {
        List<NodeRef> rest = new ArrayList<>(watchers.length);
        for (NodeRef watcher : watchers) {
            if (watcher.incarnation() != incarnation) {
                rest.add(watcher);
            }
        }
        watchers = rest.toArray(NOBODY);
    }

    // ---- entries and message ids ----

    @Nullable
    KeyedEntries entries() {
        return entries;
    }

    KeyedEntries entriesToChange() {
        KeyedEntries present = entries;
        if (present == null) {
            present = new KeyedEntries();
            entries = present;
        }
        return present;
    }

    private boolean hasEntries() {
        return entries != null && !entries.isEmpty();
    }

    @Nullable
    Dedupe dedupe() {
        return dedupe;
    }

    Dedupe dedupeToChange(long now) {
        Dedupe present = dedupe;
        if (present == null) {
            present = new Dedupe(now);
            dedupe = present;
        }
        return present;
    }

    // ---- coming and going of the group itself ----

    void restored(long now) {
        restoredAt = now;
    }

    /** Whether the entry was made lately by a node that restored what the cluster had lost. */
    boolean restoredLately(long now) {
        return restoredAt != 0 && now - restoredAt < BATCH_MEMORY;
    }

    /** Whether {@link #tidy} has something to do. */
    boolean untidy(long idle, long dedupeWindow, long now) {
        return log.overdue(policy, hasEntries(), now)
                || dedupe != null && dedupe.expired(dedupeWindow, now)
                || answered.values().stream().anyMatch(each -> now - each.at > BATCH_MEMORY)
                || deserted(idle, dedupeWindow, now);
    }

    /** Drops what nobody wants any more, the whole group perhaps. */
    void tidy(Stamp stamp) {
        long now = stamp.now();
        tidied = true;
        gone = deserted(stamp.idle(), stamp.dedupe(), now);
        log.trim(policy, hasEntries(), now);
        if (dedupe != null && dedupe.expired(stamp.dedupe(), now)) {
            dedupe = null;
        }
        answered.values().removeIf(each -> now - each.at > BATCH_MEMORY);
    }

    private boolean deserted(long idle, long dedupeWindow, long now) {
        return members.size() == 0
                && watchers.length == 0
                && !hasEntries()
                && now - touchedAt >= idle
                && log.expired(policy, idle, now)
                && (dedupe == null || dedupe.expired(dedupeWindow, now));
    }

    void forget(long incarnation) {
        answered.remove(incarnation);
    }

    // ---- between members ----

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        log.write(out);
        members.write(out);
        out.writeBoolean(entries != null);
        if (entries != null) {
            entries.write(out);
        }
        out.writeBoolean(dedupe != null);
        if (dedupe != null) {
            dedupe.write(out);
        }
        out.writeInt(watchers.length);
        for (NodeRef watcher : watchers) {
            watcher.write(out);
        }
        Wire.policy(out, policy);
        out.writeInt(answered.size());
        for (Map.Entry<Long, Answered> each : answered.entrySet()) {
            out.writeLong(each.getKey());
            out.writeLong(each.getValue().sequence);
            each.getValue().answer.writeData(out);
            out.writeLong(each.getValue().at);
        }
        out.writeLong(owner.getMostSignificantBits());
        out.writeLong(owner.getLeastSignificantBits());
        out.writeLong(touchedAt);
        out.writeLong(restoredAt);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        log = GroupLog.read(in);
        members = Members.read(in);
        entries = in.readBoolean() ? KeyedEntries.read(in) : null;
        dedupe = in.readBoolean() ? Dedupe.read(in) : null;
        watchers = new NodeRef[in.readInt()];
        for (int i = 0; i < watchers.length; i++) {
            watchers[i] = NodeRef.read(in);
        }
        policy = Wire.policy(in);
        answered = new HashMap<>(2);
        for (int left = in.readInt(); left > 0; left--) {
            answered.put(in.readLong(), new Answered(in.readLong(), BatchAnswer.read(in), in.readLong()));
        }
        owner = new UUID(in.readLong(), in.readLong());
        touchedAt = in.readLong();
        restoredAt = in.readLong();
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.GROUP;
    }
}

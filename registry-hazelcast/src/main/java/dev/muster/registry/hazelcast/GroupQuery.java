package dev.muster.registry.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.muster.registry.Position;
import dev.muster.registry.Slice.Completeness;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A question about a group, answered by its owner with just what was asked for. The question's fields depend on its
 * kind; null answers that there is no such group.
 */
final class GroupQuery
        implements EntryProcessor<String, GroupEntry, Object>,
                ReadOnly,
                IdentifiedDataSerializable,
                HazelcastInstanceAware {

    enum Kind {
        /** {@link SliceAnswer}: publications after {@code position}, at most {@code number}. */
        READ,
        /** {@link OpAnswer} as text: the head. */
        HEAD,
        /** {@link MembersAnswer}: at most {@code number} members after the one numbered {@code text}. */
        MEMBERS,
        /** Integer: how many members, 0 for none. */
        COUNT,
        /** Integer: how many members, null for none: for listing. */
        COUNT_IF_ANY,
        /** {@link SnapshotAnswer}: the entries after key {@code text}. */
        SNAPSHOT,
        /** Boolean: true if the incarnation {@code number} is a member's owner or watches, else null. */
        HOLDS,
        /** Boolean: true if the group needs tidying, else null. */
        UNTIDY
    }

    private static final Kind[] KINDS = Kind.values();

    private Kind kind;
    private @Nullable Position position;
    private @Nullable String text;
    private long number;

    private transient @Nullable OwnerSide owner;

    /** For deserialization. */
    GroupQuery() {
        this(Kind.COUNT, null, null, 0);
    }

    private GroupQuery(Kind kind, @Nullable Position position, @Nullable String text, long number) {
        this.kind = kind;
        this.position = position;
        this.text = text;
        this.number = number;
    }

    static GroupQuery of(Kind kind) {
        return new GroupQuery(kind, null, null, 0);
    }

    static GroupQuery read(Position after, int limit) {
        return new GroupQuery(Kind.READ, after, null, limit);
    }

    static GroupQuery members(long after, int limit) {
        return new GroupQuery(Kind.MEMBERS, null, Long.toString(after), limit);
    }

    static GroupQuery snapshot(SnapshotAnswer.@Nullable Cursor cursor) {
        return cursor == null ? of(Kind.SNAPSHOT) : new GroupQuery(Kind.SNAPSHOT, cursor.base(), cursor.lastKey(), 0);
    }

    static GroupQuery holds(long incarnation) {
        return new GroupQuery(Kind.HOLDS, null, null, incarnation);
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        owner = OwnerSide.of(instance);
    }

    @Override
    public @Nullable Object process(Map.Entry<String, GroupEntry> entry) {
        GroupEntry group = entry.getValue();
        OwnerSide here = owner;
        if (group == null || here == null) {
            return null;
        }
        return switch (kind) {
            case READ -> position == null ? null : group.read(position, (int) number, here.now());
            case HEAD -> group.head().toString();
            case MEMBERS -> members(group.members());
            case COUNT -> group.members().size();
            case COUNT_IF_ANY ->
                group.members().size() == 0 ? null : group.members().size();
            case SNAPSHOT -> snapshot(group);
            case HOLDS -> group.isWatchedBy(number) || group.members().anyOf(number) ? Boolean.TRUE : null;
            case UNTIDY -> here.isUntidy(group) ? Boolean.TRUE : null;
        };
    }

    private MembersAnswer members(Members members) {
        long after = text == null ? 0 : Long.parseLong(text);
        MembersAnswer answer = new MembersAnswer();
        Iterator<Members.Member> all = members.all().iterator();
        while (all.hasNext()) {
            Members.Member member = all.next();
            if (member.number <= after) {
                continue;
            }
            if (answer.size() == number) {
                answer.endEarly();
                break;
            }
            answer.add(member.number, member.record);
        }
        return answer;
    }

    private SnapshotAnswer snapshot(GroupEntry group) {
        if (position != null
                && group.log().epochs().continues(position, group.log().headOffset()) != Completeness.COMPLETE) {
            return SnapshotAnswer.ofReplaced();
        }
        Position base = position == null ? group.head() : position;
        KeyedEntries entries = group.entries();
        return entries == null ? new SnapshotAnswer(base) : entries.page(base, text);
    }

    @Override
    public @Nullable EntryProcessor<String, GroupEntry, Object> getBackupProcessor() {
        return null;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        Wire.constant(out, kind);
        Wire.optionalPosition(out, position);
        out.writeString(text);
        out.writeLong(number);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        kind = Wire.constant(in, KINDS);
        position = Wire.optionalPosition(in);
        text = in.readString();
        number = in.readLong();
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.QUERY;
    }
}

package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.muster.registry.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who is in a group, in the order they joined. */
final class Members {

    /** A membership: the incarnation that holds the connection, and what the join was. */
    static final class Member {
        final String connectionId;
        final long number;
        final Position joinedAt;
        byte[] record;
        long owner;

        private Member(String connectionId, long number, Position joinedAt, byte[] record, long owner) {
            this.connectionId = connectionId;
            this.number = number;
            this.joinedAt = joinedAt;
            this.record = record;
            this.owner = owner;
        }
    }

    /** Insertion order is join order: a member that comes back is put behind the others. */
    private final LinkedHashMap<String, Member> byConnection = new LinkedHashMap<>(4);

    private long numbers;

    int size() {
        return byConnection.size();
    }

    @Nullable
    Member get(String connectionId) {
        return byConnection.get(connectionId);
    }

    void add(String connectionId, Position joinedAt, byte[] record, long owner) {
        byConnection.put(connectionId, new Member(connectionId, ++numbers, joinedAt, record, owner));
    }

    void remove(Member member) {
        byConnection.remove(member.connectionId, member);
    }

    /** At most {@code limit} of those that match, in join order. */
    List<Member> select(Predicate<Member> matching, int limit) {
        List<Member> selected = new ArrayList<>();
        for (Member member : byConnection.values()) {
            if (selected.size() == limit) {
                break;
            }
            if (matching.test(member)) {
                selected.add(member);
            }
        }
        return selected;
    }

    boolean anyOf(long owner) {
        return byConnection.values().stream().anyMatch(member -> member.owner == owner);
    }

    Collection<Member> all() {
        return byConnection.values();
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeLong(numbers);
        out.writeInt(byConnection.size());
        for (Member member : byConnection.values()) {
            out.writeString(member.connectionId);
            out.writeLong(member.number);
            Wire.position(out, member.joinedAt);
            out.writeByteArray(member.record);
            out.writeLong(member.owner);
        }
    }

    static Members read(ObjectDataInput in) throws IOException {
        Members members = new Members();
        members.numbers = in.readLong();
        for (int left = in.readInt(); left > 0; left--) {
            String id = Wire.string(in);
            Member member = new Member(id, in.readLong(), Wire.position(in), Wire.bytes(in), in.readLong());
            members.byConnection.put(id, member);
        }
        return members;
    }
}

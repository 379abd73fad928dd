package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.hazelcast.OpAnswer.Status;
import java.io.IOException;
import java.util.List;

/**
 * One change of a group. Applied on the owner and on the backup, so it depends on nothing but the entry, the caller
 * and the stamp.
 */
interface GroupOp {

    OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp);

    /** Writes what {@link #read} reads, the leading kind included. */
    void write(ObjectDataOutput out) throws IOException;

    /** About how many bytes it has on the wire. */
    default int weight() {
        return 64;
    }

    static GroupOp read(ObjectDataInput in) throws IOException {
        byte kind = in.readByte();
        return switch (kind) {
            case Publish.KIND -> Publish.read(in);
            case Join.KIND -> new Join(Wire.string(in), Wire.bytes(in), Wire.policy(in));
            case Leave.KIND -> new Leave(Wire.string(in));
            case Watch.KIND -> new Watch();
            case Unwatch.KIND -> new Unwatch();
            case Reconcile.KIND -> Reconcile.read(in);
            case Sweep.KIND -> new Sweep(in.readLong(), in.readInt());
            case Tidy.KIND -> new Tidy();
            case Fast.KIND -> new Fast(Wire.bytes(in));
            case Touch.KIND -> new Touch();
            case MarkLossy.KIND -> new MarkLossy(Wire.position(in));
            default -> throw new IOException("unknown kind of change: " + kind);
        };
    }

    /** Makes a connection of the caller a member. Of another node's leftover it takes the place in silence. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Join(String connectionId, byte[] record, GroupPolicy policy) implements GroupOp {
        static final byte KIND = 2;

        @Override
        public OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp) {
            Members.Member member = group.members().get(connectionId);
            if (member != null) {
                if (member.owner != caller.incarnation() || !policy.equals(group.policy())) {
                    group.touch(stamp);
                    group.keep(policy);
                }
                if (member.owner != caller.incarnation()) {
                    member.owner = caller.incarnation();
                    member.record = record;
                }
                return new OpAnswer(Status.UNCHANGED, member.joinedAt);
            }
            group.touch(stamp);
            group.keep(policy);
            Position before = group.head();
            group.members().add(connectionId, before, record, caller.incarnation());
            group.announce(Logged.JOINED, record, stamp);
            return new OpAnswer(Status.DONE, before);
        }

        @Override
        public int weight() {
            return 128 + record.length;
        }

        @Override
        public void write(ObjectDataOutput out) throws IOException {
            out.writeByte(KIND);
            out.writeString(connectionId);
            out.writeByteArray(record);
            Wire.policy(out, policy);
        }
    }

    /** Ends a membership, if it is the caller's. */
    record Leave(String connectionId) implements GroupOp {
        static final byte KIND = 3;

        @Override
        public OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp) {
            Members.Member member = group.members().get(connectionId);
            if (member == null || member.owner != caller.incarnation()) {
                return new OpAnswer(Status.UNCHANGED, group.head());
            }
            group.remove(member, stamp);
            return new OpAnswer(Status.DONE, group.head());
        }

        @Override
        public void write(ObjectDataOutput out) throws IOException {
            out.writeByte(KIND);
            out.writeString(connectionId);
        }
    }

    /** The caller wants the group's publications. */
    record Watch() implements GroupOp {
        static final byte KIND = 4;

        @Override
        public OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp) {
            if (group.isWatchedBy(caller.incarnation())) {
                return new OpAnswer(Status.UNCHANGED, group.head());
            }
            group.touch(stamp);
            group.watch(caller);
            return new OpAnswer(Status.DONE, group.head());
        }

        @Override
        public void write(ObjectDataOutput out) throws IOException {
            out.writeByte(KIND);
        }
    }

    /** The caller wants them no more. */
    record Unwatch() implements GroupOp {
        static final byte KIND = 5;

        @Override
        public OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp) {
            if (!group.isWatchedBy(caller.incarnation())) {
                return new OpAnswer(Status.UNCHANGED, group.head());
            }
            group.touch(stamp);
            group.unwatch(caller.incarnation());
            return new OpAnswer(Status.DONE, group.head());
        }

        @Override
        public void write(ObjectDataOutput out) throws IOException {
            out.writeByte(KIND);
        }
    }

    /** A dead incarnation leaves, at most {@code limit} memberships at a time (R20). */
    record Sweep(long dead, int limit) implements GroupOp {
        static final byte KIND = 7;

        @Override
        public OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp) {
            List<Members.Member> left = group.members().select(member -> member.owner == dead, limit + 1);
            left.stream().limit(limit).forEach(member -> group.remove(member, stamp));
            if (group.isWatchedBy(dead)) {
                group.touch(stamp);
                group.unwatch(dead);
            }
            group.forget(dead);
            return new OpAnswer(left.size() > limit ? Status.UNFINISHED : Status.DONE, group.head());
        }

        @Override
        public void write(ObjectDataOutput out) throws IOException {
            out.writeByte(KIND);
            out.writeLong(dead);
            out.writeInt(limit);
        }
    }

    /** Drops what is past its time, the group itself perhaps (R08). */
    record Tidy() implements GroupOp {
        static final byte KIND = 8;

        @Override
        public OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp) {
            group.tidy(stamp);
            return new OpAnswer(Status.DONE, group.head());
        }

        @Override
        public void write(ObjectDataOutput out) throws IOException {
            out.writeByte(KIND);
        }
    }

    /** Makes the group if there is none, so that there is a position to go on from. */
    record Touch() implements GroupOp {
        static final byte KIND = 10;

        @Override
        public OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp) {
            group.touch(stamp);
            return new OpAnswer(Status.DONE, group.head());
        }

        @Override
        public void write(ObjectDataOutput out) throws IOException {
            out.writeByte(KIND);
        }
    }

    /** Hands a parcel to the links of all that watch, and leaves no trace (R15). */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Fast(byte[] parcel) implements GroupOp {
        static final byte KIND = 11;

        @Override
        public OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp) {
            group.tell(parcel);
            return new OpAnswer(Status.DONE, group.head());
        }

        @Override
        public int weight() {
            return 16 + parcel.length;
        }

        @Override
        public void write(ObjectDataOutput out) throws IOException {
            out.writeByte(KIND);
            out.writeByteArray(parcel);
        }
    }

    /** Somebody presented a position that proves a loss at a boundary of epochs (R16). */
    record MarkLossy(Position seen) implements GroupOp {
        static final byte KIND = 9;

        @Override
        public OpAnswer apply(GroupEntry group, NodeRef caller, Stamp stamp) {
            if (group.log().epochs().provesLoss(seen)) {
                group.touch(stamp);
                group.log().epochs().markLossy(seen);
            }
            return new OpAnswer(Status.DONE, group.head());
        }

        @Override
        public void write(ObjectDataOutput out) throws IOException {
            out.writeByte(KIND);
            Wire.position(out, seen);
        }
    }
}

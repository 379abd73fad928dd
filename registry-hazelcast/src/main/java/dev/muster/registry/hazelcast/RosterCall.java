package dev.muster.registry.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.muster.registry.NodeId;
import dev.muster.registry.hazelcast.Roster.Seat;
import dev.muster.registry.hazelcast.Roster.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A change of the roster. Its outcome depends on the owner's clock and view, so the backup is given the result. */
final class RosterCall
        implements EntryProcessor<String, Roster, Roster>, IdentifiedDataSerializable, HazelcastInstanceAware {

    private enum Kind {
        CLAIM,
        BEAT,
        LEAVE,
        CONDEMN_IF_GONE,
        CONDEMN_IF_EXPIRED,
        SWEPT
    }

    private static final Kind[] KINDS = Kind.values();
    private static final NodeId NOBODY = new NodeId("nobody", 0);

    private Kind kind;
    private NodeId node;
    private NodeRef ref;
    private long number;
    private long lease;

    private transient @Nullable OwnerSide owner;
    private transient @Nullable Roster changed;
    private transient boolean dirty;

    /** For deserialization. */
    RosterCall() {
        this(Kind.BEAT, NOBODY, new NodeRef(new UUID(0, 0), 0), 0, 0);
    }

    private RosterCall(Kind kind, NodeId node, NodeRef ref, long number, long lease) {
        this.kind = kind;
        this.node = node;
        this.ref = ref;
        this.number = number;
        this.lease = lease;
    }

    /** Takes a name, unless another live node holds it; {@code before} is an earlier incarnation of the caller. */
    static RosterCall claim(NodeId node, UUID member, NodeId before, Duration lease) {
        NodeRef ref = new NodeRef(member, node.incarnation());
        return new RosterCall(Kind.CLAIM, node, ref, before.incarnation(), lease.toMillis());
    }

    /** Renews a lease taken in the roster {@code id}. An expired one that nobody has condemned may be renewed. */
    static RosterCall beat(NodeId node, UUID member, long id, Duration lease) {
        NodeRef ref = new NodeRef(member, node.incarnation());
        return new RosterCall(Kind.BEAT, node, ref, id, lease.toMillis());
    }

    /** Moves the caller to the dying. */
    static RosterCall leave(NodeId leaving) {
        return about(Kind.LEAVE, leaving);
    }

    /**
     * Moves a node to the dying if the roster's owner, too, does not see its member in the cluster. It need not have a
     * seat: a roster that was lost was not lost alone, and the next one knows nothing of those who went with it.
     */
    static RosterCall condemnIfGone(Seat dead) {
        return new RosterCall(Kind.CONDEMN_IF_GONE, dead.node(), dead.ref(), 0, 0);
    }

    /** Moves a node to the dying if its lease has run out. */
    static RosterCall condemnIfExpired(NodeId dead) {
        return about(Kind.CONDEMN_IF_EXPIRED, dead);
    }

    /** Nothing of a dying node is left. */
    static RosterCall swept(NodeId dead) {
        return about(Kind.SWEPT, dead);
    }

    private static RosterCall about(Kind kind, NodeId node) {
        return new RosterCall(kind, node, new NodeRef(new UUID(0, 0), node.incarnation()), 0, 0);
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        owner = OwnerSide.of(instance);
    }

    @Override
    public @Nullable Roster process(Map.Entry<String, Roster> entry) {
        changed = null;
        dirty = false;
        OwnerSide here = owner;
        if (here == null) {
            return null;
        }
        Roster present = entry.getValue();
        Roster roster = present == null ? new Roster(ThreadLocalRandom.current().nextLong()) : present;
        Status status = switch (kind) {
            case CLAIM -> claim(roster, here);
            case BEAT -> beat(roster, present != null, here);
            case LEAVE, CONDEMN_IF_GONE, CONDEMN_IF_EXPIRED -> condemn(roster, here);
            case SWEPT -> {
                dirty = roster.isDying(node.incarnation());
                roster.swept(node.incarnation());
                yield Status.DONE;
            }
        };
        if (dirty) {
            roster.changed();
            changed = roster;
            entry.setValue(roster.isEmpty() ? null : roster);
        }
        return roster.answer(status, here.now());
    }

    private Status claim(Roster roster, OwnerSide here) {
        Seat holder = roster.holder(node.name());
        if (holder != null
                && holder.node().incarnation() != node.incarnation()
                && holder.node().incarnation() != number
                && here.member(holder.ref().member()) != null
                && holder.expiry() >= here.now()) {
            return Status.IN_USE;
        }
        if (roster.isDying(node.incarnation())) {
            return Status.FENCED;
        }
        dirty = true;
        roster.seat(new Seat(node, ref, here.now() + lease));
        return Status.DONE;
    }

    private Status beat(Roster roster, boolean present, OwnerSide here) {
        if (!present || roster.id() != number) {
            return Status.LOST;
        }
        Optional<Seat> seat = roster.seat(node.incarnation());
        if (seat.isEmpty()) {
            return Status.FENCED;
        }
        dirty = true;
        roster.seat(new Seat(node, ref, here.now() + lease));
        return Status.DONE;
    }

    private Status condemn(Roster roster, OwnerSide here) {
        Optional<Seat> seat = roster.seat(node.incarnation());
        if (seat.isPresent() && mayCondemn(seat.get(), here)) {
            dirty = true;
            roster.condemn(seat.get());
        } else if (seat.isEmpty()
                && kind == Kind.CONDEMN_IF_GONE
                && !roster.isDying(node.incarnation())
                && here.member(ref.member()) == null) {
            dirty = true;
            roster.condemn(node);
        }
        return Status.DONE;
    }

    private boolean mayCondemn(Seat seat, OwnerSide here) {
        return switch (kind) {
            case CONDEMN_IF_GONE -> here.member(seat.ref().member()) == null;
            case CONDEMN_IF_EXPIRED -> seat.expiry() < here.now();
            default -> true;
        };
    }

    @Override
    public @Nullable EntryProcessor<String, Roster, Roster> getBackupProcessor() {
        return changed == null ? null : new OnBackup(changed);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        Wire.constant(out, kind);
        out.writeString(node.toString());
        ref.write(out);
        out.writeLong(number);
        out.writeLong(lease);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        kind = Wire.constant(in, KINDS);
        node = NodeId.parse(Wire.string(in));
        ref = NodeRef.read(in);
        number = in.readLong();
        lease = in.readLong();
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.ROSTER_CALL;
    }

    /** Puts the owner's result into the backup. */
    static final class OnBackup implements EntryProcessor<String, Roster, Roster>, IdentifiedDataSerializable {

        private Roster result;

        /** For deserialization. */
        OnBackup() {
            this(new Roster());
        }

        private OnBackup(Roster result) {
            this.result = result;
        }

        @Override
        public @Nullable Roster process(Map.Entry<String, Roster> entry) {
            entry.setValue(result.isEmpty() ? null : result);
            return null;
        }

        @Override
        public void writeData(ObjectDataOutput out) throws IOException {
            result.writeData(out);
        }

        @Override
        public void readData(ObjectDataInput in) throws IOException {
            result.readData(in);
        }

        @Override
        public int getFactoryId() {
            return Serials.FACTORY;
        }

        @Override
        public int getClassId() {
            return Serials.ROSTER_ON_BACKUP;
        }
    }
}

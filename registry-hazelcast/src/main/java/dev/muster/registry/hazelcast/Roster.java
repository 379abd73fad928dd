package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.muster.registry.NodeId;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes there are: for each name the incarnation that holds it, with its lease, and the incarnations that died
 * and are not swept yet. One small entry for the whole cluster, so that claiming a name, renewing a lease and
 * condemning a node are single steps that exclude each other.
 */
final class Roster implements IdentifiedDataSerializable {

    /** What became of a call. */
    enum Status {
        /** It took effect. */
        DONE,
        /** The name is held by a live node. */
        IN_USE,
        /** The caller's incarnation is not, or no more, a live one. */
        FENCED,
        /** The roster that knew the caller is lost: to be claimed again. */
        LOST
    }

    /** A live node: where it is, and until when its lease runs, in ms of the cluster's clock. */
    record Seat(NodeId node, NodeRef ref, long expiry) {}

    private static final Status[] STATUSES = Status.values();

    private long id;
    private long version;
    private Map<String, Seat> seats = new LinkedHashMap<>();
    private Map<Long, NodeId> dying = new LinkedHashMap<>();
    /** Only in an answer. */
    private Status status = Status.DONE;

    /** Only in an answer: the cluster's clock. */
    private long now;

    /** For deserialization. */
    Roster() {}

    /** {@code id} tells it from one that was lost. */
    Roster(long id) {
        this.id = id;
    }

    /** This roster as the answer to a call. It shares its maps and is to be written at once. */
    Roster answer(Status status, long now) {
        Roster answer = new Roster(id);
        answer.version = version;
        answer.seats = seats;
        answer.dying = dying;
        answer.status = status;
        answer.now = now;
        return answer;
    }

    long id() {
        return id;
    }

    /** How often it was changed: tells the newer of two answers. */
    long version() {
        return version;
    }

    void changed() {
        version++;
    }

    Status status() {
        return status;
    }

    Collection<Seat> seats() {
        return seats.values();
    }

    Map<Long, NodeId> dying() {
        return dying;
    }

    boolean isExpired(Seat seat) {
        return seat.expiry < now;
    }

    Optional<Seat> seat(long incarnation) {
        return seats.values().stream()
                .filter(seat -> seat.node.incarnation() == incarnation)
                .findFirst();
    }

    @Nullable
    Seat holder(String name) {
        return seats.get(name);
    }

    boolean isDying(long incarnation) {
        return dying.containsKey(incarnation);
    }

    boolean isEmpty() {
        return seats.isEmpty() && dying.isEmpty();
    }

    /** Seats a node; who sat there before, if it was another incarnation, is dying. */
    void seat(Seat seat) {
        Seat before = seats.put(seat.node.name(), seat);
        if (before != null && before.node.incarnation() != seat.node.incarnation()) {
            dying.put(before.node.incarnation(), before.node);
        }
    }

    /** Moves a node to the dying, so that a late heartbeat finds itself refused. */
    void condemn(Seat seat) {
        seats.remove(seat.node.name(), seat);
        condemn(seat.node);
    }

    /** A node that has no seat, and has left things behind. */
    void condemn(NodeId node) {
        dying.put(node.incarnation(), node);
    }

    void swept(long incarnation) {
        dying.remove(incarnation);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeLong(id);
        out.writeLong(version);
        Wire.constant(out, status);
        out.writeLong(now);
        out.writeInt(seats.size());
        for (Seat seat : seats.values()) {
            out.writeString(seat.node.toString());
            seat.ref.write(out);
            out.writeLong(seat.expiry);
        }
        out.writeInt(dying.size());
        for (NodeId node : dying.values()) {
            out.writeString(node.toString());
        }
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        id = in.readLong();
        version = in.readLong();
        status = Wire.constant(in, STATUSES);
        now = in.readLong();
        for (int left = in.readInt(); left > 0; left--) {
            NodeId node = NodeId.parse(Wire.string(in));
            seats.put(node.name(), new Seat(node, NodeRef.read(in), in.readLong()));
        }
        for (int left = in.readInt(); left > 0; left--) {
            NodeId node = NodeId.parse(Wire.string(in));
            dying.put(node.incarnation(), node);
        }
    }

    @Override
    public int getFactoryId() {
        return Serials.FACTORY;
    }

    @Override
    public int getClassId() {
        return Serials.ROSTER;
    }
}

package dev.muster.registry.hazelcast;

import dev.muster.registry.NodeId;
import dev.muster.registry.hazelcast.Roster.Seat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The nodes that are up, as far as this node knows; tells of each coming and going once (R20). A node is up if it has
 * a seat in the roster, and its Hazelcast member is in the cluster.
 */
final class Nodes {

    /** Of nodes that were lost, so many are remembered. */
    private static final int REMEMBERED = 32;

    /** A node that is up, and the roster in which it was seen last. */
    private record Known(Seat seat, long roster) {}

    private final Callbacks callbacks;
    private final Predicate<UUID> isMember;
    private final Map<Long, Known> live = new HashMap<>();
    private final Map<Long, Seat> lost = new LinkedHashMap<>();

    private long rosterId;
    private long version;
    private volatile Set<NodeId> up = Set.of();

    /** {@code isMember} says whether a Hazelcast member is in the cluster now. */
    Nodes(Callbacks callbacks, Predicate<UUID> isMember) {
        this.callbacks = callbacks;
        this.isMember = isMember;
    }

    Set<NodeId> up() {
        return up;
    }

    /** Takes over what the roster says; {@code self} is told of nothing about itself. */
    synchronized void update(Roster roster, NodeId self) {
        if (roster.id() == rosterId && roster.version() < version) {
            // Answers overtake each other; what this one says was true once.
            return;
        }
        rosterId = roster.id();
        version = roster.version();
        for (Known known : List.copyOf(live.values())) {
            if (roster.seat(known.seat.node().incarnation()).isEmpty() && !mayComeBack(known, roster)) {
                end(known.seat.node(), self);
            }
        }
        for (Seat seat : roster.seats()) {
            if (isMember.test(seat.ref().member())
                    && live.put(seat.node().incarnation(), new Known(seat, roster.id())) == null
                    && !seat.node().name().equals(self.name())) {
                callbacks.control(to -> to.onNodeUp(seat.node()));
            }
        }
        publish();
    }

    /** If the roster in which the node had its seat was lost, it will take one in this, unless it went as well. */
    private boolean mayComeBack(Known known, Roster roster) {
        NodeId node = known.seat.node();
        return known.roster != roster.id()
                && !roster.isDying(node.incarnation())
                && roster.holder(node.name()) == null
                && isMember.test(known.seat.ref().member());
    }

    /** The nodes on a Hazelcast member that is gone; they are down from now on. */
    synchronized List<Seat> lost(UUID member, NodeId self) {
        List<Seat> gone = new ArrayList<>();
        for (Known known : List.copyOf(live.values())) {
            if (known.seat.ref().member().equals(member) && !known.seat.node().equals(self)) {
                gone.add(known.seat);
                end(known.seat.node(), self);
                remember(known.seat);
            }
        }
        publish();
        return gone;
    }

    private void remember(Seat seat) {
        lost.put(seat.node().incarnation(), seat);
        if (lost.size() > REMEMBERED) {
            lost.remove(lost.keySet().iterator().next());
        }
    }

    /** The nodes that were lost lately: a roster that is lost with them does not tell the next one. */
    synchronized List<Seat> lostLately() {
        return List.copyOf(lost.values());
    }

    private void end(NodeId node, NodeId self) {
        live.remove(node.incarnation());
        if (!node.name().equals(self.name())) {
            callbacks.control(to -> to.onNodeDown(node));
        }
    }

    private void publish() {
        Set<NodeId> seen = new LinkedHashSet<>();
        live.values().forEach(known -> seen.add(known.seat.node()));
        up = Set.copyOf(seen);
    }

    /** Where the live nodes are. */
    synchronized List<NodeRef> refs() {
        List<NodeRef> refs = new ArrayList<>();
        live.values().forEach(known -> refs.add(known.seat.ref()));
        return refs;
    }

    /** This node has left: it sees nobody. */
    synchronized void clear() {
        live.clear();
        up = Set.of();
    }
}

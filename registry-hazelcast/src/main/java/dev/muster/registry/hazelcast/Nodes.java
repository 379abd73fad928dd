package dev.muster.registry.hazelcast;

import dev.muster.registry.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The nodes that are up, as far as this node knows; tells of each coming and going once (R20). */
final class Nodes {

    private final Callbacks callbacks;
    private final Map<Long, Roster.Seat> live = new HashMap<>();
    /** Incarnations that went; one never comes back, whatever an old roster says. */
    private final Set<Long> ended = new HashSet<>();

    private volatile Set<NodeId> up = Set.of();

    Nodes(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    Set<NodeId> up() {
        return up;
    }

    /** Takes over what the roster says; {@code self} is told of nothing about itself. */
    synchronized void update(Collection<Roster.Seat> seats, NodeId self) {
        Set<Long> seated = new HashSet<>();
        seats.forEach(seat -> seated.add(seat.node().incarnation()));
        for (Roster.Seat seat : List.copyOf(live.values())) {
            if (!seated.contains(seat.node().incarnation())) {
                end(seat.node(), self);
            }
        }
        for (Roster.Seat seat : seats) {
            long incarnation = seat.node().incarnation();
            if (ended.contains(incarnation) || live.put(incarnation, seat) != null) {
                continue;
            }
            if (!seat.node().name().equals(self.name())) {
                callbacks.control(to -> to.onNodeUp(seat.node()));
            }
        }
        publish();
    }

    /** The nodes on a Hazelcast member that is gone; they are down from now on. */
    synchronized List<NodeId> lost(UUID member, NodeId self) {
        List<NodeId> lost = new ArrayList<>();
        for (Roster.Seat seat : List.copyOf(live.values())) {
            if (seat.ref().member().equals(member) && !seat.node().equals(self)) {
                lost.add(seat.node());
                end(seat.node(), self);
            }
        }
        publish();
        return lost;
    }

    private void end(NodeId node, NodeId self) {
        live.remove(node.incarnation());
        ended.add(node.incarnation());
        if (!node.name().equals(self.name())) {
            callbacks.control(to -> to.onNodeDown(node));
        }
    }

    private void publish() {
        Set<NodeId> seen = new LinkedHashSet<>();
        live.values().forEach(seat -> seen.add(seat.node()));
        up = Set.copyOf(seen);
    }

    /** Where the live nodes are. */
    synchronized List<NodeRef> refs() {
        List<NodeRef> refs = new ArrayList<>();
        live.values().forEach(seat -> refs.add(seat.ref()));
        return refs;
    }

    /** This node has left: it sees nobody. */
    synchronized void clear() {
        live.clear();
        up = Set.of();
    }
}

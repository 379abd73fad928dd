package dev.muster.registry.mock;

import dev.muster.registry.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nodes one node believes to be up. Written under the cluster's exclusive lock, read from anywhere without.
 */
final class NodesView {

    /** Incarnations remembered as down, so that a backend that was rolled back cannot bring them up again. */
    private static final int REMEMBERED = 1_000;

    private final Link link;
    private final Set<NodeId> downForGood = new LinkedHashSet<>();
    private volatile Set<NodeId> up = Set.of();

    NodesView(Link link) {
        this.link = link;
    }

    Set<NodeId> up() {
        return up;
    }

    void clear() {
        up = Set.of();
    }

    /**
     * Takes in what the backend says, and puts what changed on the way to the listener: ends first, so that a node's
     * old incarnation is down before its new one is up (R21). A node that only misses from a backend that lost its
     * data counts as up until all had time to come back.
     */
    void observe(Leases.View seen, NodeId self) {
        Set<NodeId> now = new TreeSet<>(seen.live());
        now.removeAll(downForGood);
        now.remove(self);
        List<NodeId> down = new ArrayList<>();
        for (NodeId node : up) {
            if (!node.equals(self) && !now.contains(node)) {
                if (seen.settled() || seen.gone().contains(node) || replaced(node, now)) {
                    down.add(node);
                } else {
                    now.add(node);
                }
            }
        }
        List<NodeId> came = new ArrayList<>(now);
        came.removeAll(up);
        if (seen.live().contains(self)) {
            now.add(self);
        }
        up = Set.copyOf(now);
        for (NodeId node : down) {
            if (!node.name().equals(self.name())) {
                link.offer(listener -> listener.onNodeDown(node));
            }
            downForGood.add(node);
            if (downForGood.size() > REMEMBERED) {
                downForGood.remove(downForGood.iterator().next());
            }
        }
        came.forEach(node -> link.offer(listener -> listener.onNodeUp(node)));
    }

    private static boolean replaced(NodeId node, Set<NodeId> now) {
        return now.stream().anyMatch(other -> other.name().equals(node.name()));
    }
}

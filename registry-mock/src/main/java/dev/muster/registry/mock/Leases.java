package dev.muster.registry.mock;

import dev.muster.registry.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which incarnations are alive, in the backend's own time. One whose lease ends is moved to the dying in one step
 * before anything of it is swept: a late heartbeat can revive an expired lease, but never a node that is already being
 * announced as gone (R20).
 */
final class Leases {

    /** Sweeps that may be missed before the backend suspects itself of having stood still. */
    private static final int MISSED_SWEEPS = 5;

    /** Incarnations remembered as gone. A node that comes back after more than these have died counts as unknown. */
    private static final int REMEMBERED = 1_000;

    private final Map<NodeId, Long> live = new LinkedHashMap<>();
    private final Set<NodeId> dying = new LinkedHashSet<>();
    private final Set<NodeId> gone = new LinkedHashSet<>();
    private long lastSweep;
    private long notBefore;
    private long longest;

    /** What a node is told of the others: who lives, who is known to be gone, and whether all had time to show up. */
    record View(Set<NodeId> live, Set<NodeId> gone, boolean settled) {}

    Leases(long now) {
        lastSweep = now;
        notBefore = now;
    }

    Leases(Leases other) {
        live.putAll(other.live);
        dying.addAll(other.dying);
        gone.addAll(other.gone);
        lastSweep = other.lastSweep;
        notBefore = other.notBefore;
        longest = other.longest;
    }

    boolean alive(NodeId node) {
        return live.containsKey(node);
    }

    /** Whether a live node has not renewed its lease in time; nobody may have noticed yet. */
    boolean expired(NodeId node, long now) {
        Long until = live.get(node);
        return until != null && now - until >= 0;
    }

    boolean gone(NodeId node) {
        return gone.contains(node);
    }

    /** The live incarnation of the node {@code name}. */
    @Nullable
    NodeId holder(String name) {
        for (NodeId node : live.keySet()) {
            if (node.name().equals(name)) {
                return node;
            }
        }
        return null;
    }

    void grant(NodeId node, long now, Duration lease) {
        longest = Math.max(longest, lease.toNanos());
        live.put(node, now + lease.toNanos());
    }

    /** Extends a lease that is still there; false says that the node is fenced. */
    boolean renew(NodeId node, long now, Duration lease) {
        return live.replace(node, now + lease.toNanos()) != null;
    }

    /** Moves a node to the dying, whatever its lease says. */
    void condemn(NodeId node) {
        live.remove(node);
        dying.add(node);
        gone.add(node);
        if (gone.size() > REMEMBERED) {
            gone.remove(gone.iterator().next());
        }
    }

    /**
     * Moves the nodes whose lease has ended to the dying, unless no node swept for so long that it must have been the
     * backend that stood still: then all get a lease more of time (pause guard, R20).
     *
     * @return whether there were any
     */
    boolean condemnExpired(long now, Duration sweep) {
        if (now - lastSweep > MISSED_SWEEPS * sweep.toNanos()) {
            spare(now);
        }
        lastSweep = now;
        if (now - notBefore < 0) {
            return false;
        }
        List<NodeId> expired = new ArrayList<>();
        live.forEach((node, until) -> {
            if (now - until >= 0) {
                expired.add(node);
            }
        });
        expired.forEach(this::condemn);
        return !expired.isEmpty();
    }

    /** Nobody is condemned for the length of the longest lease: all had time to renew theirs. */
    void spare(long now) {
        notBefore = now + longest;
    }

    /** One that is dying; null if none is. */
    @Nullable
    NodeId nextDying() {
        return dying.isEmpty() ? null : dying.iterator().next();
    }

    /** Nothing of the node is left. */
    void buried(NodeId node) {
        dying.remove(node);
    }

    View view(long now) {
        return new View(Set.copyOf(live.keySet()), new HashSet<>(gone), now - notBefore >= 0);
    }
}

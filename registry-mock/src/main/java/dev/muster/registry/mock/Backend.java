package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryTimings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of an in-memory cluster share: the truth, and the way each node reaches it. All of it, the nodes'
 * sessions included, is guarded by one lock, held exclusively for what is rare and shared for what concerns one group.
 */
final class Backend {

    /** Memberships swept in one step; between two steps others get the lock. */
    static final int SWEEP_STEP = 500;

    /** How a node's operations fare. */
    enum Way {
        /** They are carried out. */
        OPEN,
        /** They wait, and time out. */
        STALLED,
        /** They fail at once. */
        CUT
    }

    private enum Condition {
        RUNNING,
        PAUSED,
        STOPPED
    }

    final TimeSource time;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Set<NodeSession> sessions = new LinkedHashSet<>();
    private final Map<NodeId, Link> links = new HashMap<>();
    private Condition condition = Condition.RUNNING;
    private ClusterState state;
    private @Nullable ClusterState checkpoint;
    private volatile @Nullable Faults faults;

    Backend(TimeSource time) {
        this.time = time;
        state = new ClusterState(time);
    }

    // ---- the lock ----

    ReentrantReadWriteLock lock() {
        return lock;
    }

    void exclusively(Runnable step) {
        lock.writeLock().lock();
        try {
            step.run();
        } finally {
            lock.writeLock().unlock();
        }
    }

    <T> T shared(Supplier<T> step) {
        lock.readLock().lock();
        try {
            return step.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The truth of the present generation. Under the lock. */
    ClusterState state() {
        return state;
    }

    // ---- nodes ----

    Way way(NodeSession session) {
        if (session.isCutOff()) {
            return Way.STALLED;
        }
        return switch (condition) {
            case RUNNING -> Way.OPEN;
            case PAUSED -> Way.STALLED;
            case STOPPED -> Way.CUT;
        };
    }

    void attach(NodeSession session) {
        sessions.add(session);
        session.disturb(faults);
    }

    /** The node is gone as a process; what it registered stays until somebody sweeps it. */
    void detach(NodeSession session) {
        sessions.remove(session);
        links.values().removeIf(link -> link == session.link());
    }

    /** The running node of that name; null if there is none. */
    @Nullable
    NodeSession session(String name) {
        for (NodeSession session : sessions) {
            if (session.self().name().equals(name)) {
                return session;
            }
        }
        return null;
    }

    /** Whether this very incarnation is a running process. */
    boolean runs(NodeId node) {
        return sessions.stream().anyMatch(session -> session.self().equals(node));
    }

    /** {@code node} is reached over {@code link} from now on. */
    void route(NodeId node, Link link) {
        links.values().removeIf(each -> each == link);
        links.put(node, link);
    }

    /** Puts something on the way to the node that holds a connection (R19). */
    boolean send(String connectionId, Delivery delivery) {
        ConnectionRecord record = state.locate(connectionId);
        if (record == null) {
            return false;
        }
        Link link = links.get(record.node());
        if (link != null) {
            link.offer(delivery);
        }
        return true;
    }

    void broadcast(Delivery delivery) {
        links.values().forEach(link -> link.offer(delivery));
    }

    /** Tells every node that can hear it which nodes are up. */
    void announceNodes() {
        Leases.View view = view();
        for (NodeSession session : sessions) {
            if (way(session) == Way.OPEN) {
                session.observe(view);
            }
        }
    }

    Leases.View view() {
        return state.leases.view(time.nanoTime());
    }

    // ---- sweeping ----

    /**
     * Looks for nodes whose lease has ended, and removes some of what dead nodes left.
     *
     * @return whether there is more to remove
     */
    boolean sweep(RegistryTimings timings) {
        if (state.leases.condemnExpired(time.nanoTime(), timings.sweep())) {
            announceNodes();
        }
        state.expire(timings);
        NodeId dying = state.leases.nextDying();
        return dying != null && (!state.bury(dying, SWEEP_STEP) || state.leases.nextDying() != null);
    }

    // ---- faults ----

    void disturb(@Nullable Faults faults) {
        this.faults = faults;
        sessions.forEach(session -> session.disturb(faults));
    }

    void checkpoint() {
        checkpoint = new ClusterState(state);
    }

    void stop() {
        condition = Condition.STOPPED;
        new ArrayList<>(sessions).forEach(NodeSession::connectionLost);
    }

    void start(Restart with) {
        ClusterState before = state;
        state = switch (with) {
            case KEEP -> new ClusterState(before);
            case ROLLBACK -> checkpoint == null ? new ClusterState(time) : new ClusterState(checkpoint);
            case LOSE -> new ClusterState(time);
        };
        state.beginEpochs();
        state.leases.spare(time.nanoTime());
        condition = Condition.RUNNING;
    }

    void pause() {
        condition = Condition.PAUSED;
    }

    void resume() {
        condition = Condition.RUNNING;
        new ArrayList<>(sessions).forEach(NodeSession::wayOpened);
    }
}

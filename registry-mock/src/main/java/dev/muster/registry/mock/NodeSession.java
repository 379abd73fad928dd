package dev.muster.registry.mock;

import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.RegistryTimings;
import dev.muster.registry.mock.Backend.Way;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's part in the cluster: its lease, which it keeps by heartbeats, its identity, and its way back after the
 * backend or the lease was lost. Guarded by the backend's lock, held exclusively; alarms take it themselves.
 */
final class NodeSession {

    private static final Logger LOG = LoggerFactory.getLogger(NodeSession.class);

    private enum Phase {
        NEW,
        RUNNING,
        CLOSED
    }

    private final Backend backend;
    private final RegistryTimings timings;
    private final Link link;
    private final Commands commands;
    private final NodesView nodes;
    private final LocalHoldings local = new LocalHoldings();
    private final Alarms alarms;
    private final Runnable released;

    private volatile Phase phase = Phase.NEW;
    private volatile NodeId self;
    private volatile boolean available;
    private @Nullable Reply<Void> starting;
    private @Nullable String generation;
    private long confirmedAt;
    private boolean gone;
    private boolean frozen;
    private boolean partitioned;
    private boolean unsettled;
    private final AtomicBoolean suspected = new AtomicBoolean();

    /**
     * @param own where the node is called back
     * @param released runs when the node has left, in whatever way
     */
    NodeSession(Backend backend, RegistryContext context, Context own, Runnable released) {
        this.backend = backend;
        this.released = released;
        timings = context.timings();
        self = NodeId.fresh(context.nodeName());
        link = new Link(own);
        commands = new Commands(backend, this, own, timings.operationTimeout());
        nodes = new NodesView(link);
        alarms = new Alarms(backend, timings, context.nodeName());
    }

    Link link() {
        return link;
    }

    Commands commands() {
        return commands;
    }

    LocalHoldings local() {
        return local;
    }

    NodeId self() {
        return self;
    }

    Set<NodeId> nodes() {
        return nodes.up();
    }

    boolean isNew() {
        return phase == Phase.NEW;
    }

    boolean isRunning() {
        return phase == Phase.RUNNING;
    }

    boolean isAvailable() {
        return available;
    }

    /** Whether it stands still, or the network does not carry what it says. */
    boolean isCutOff() {
        return frozen || partitioned;
    }

    // ---- start and end ----

    void start(RegistryListener listener, Reply<Void> reply) {
        if (phase != Phase.NEW) {
            boolean closed = phase == Phase.CLOSED;
            reply.fail(
                    closed ? Reason.CLOSED : Reason.REJECTED,
                    closed ? "the registry is closed" : "the registry was started before");
            return;
        }
        if (backend.way(this) == Way.OPEN && nameIsTaken()) {
            phase = Phase.CLOSED;
            reply.fail(Reason.REJECTED, "node name \"" + self.name() + "\" is in use by a live node");
            return;
        }
        phase = Phase.RUNNING;
        link.open(listener);
        backend.attach(this);
        starting = reply;
        switch (backend.way(this)) {
            case OPEN -> enter();
            case CUT -> startLater("the backend cannot be reached");
            case STALLED -> alarms.planPatience(timings.operationTimeout(), () -> startLater("the backend hangs"));
        }
        planHeartbeat();
        alarms.planSweep(false, this::sweep);
    }

    private void startLater(String why) {
        if (starting != null) {
            LOG.warn("Node {} is not in the cluster yet, it goes on trying: {}", self.name(), why);
            starting.fail(Reason.UNAVAILABLE, why);
            starting = null;
        }
    }

    /**
     * The node stops.
     *
     * @param orderly whether it says good-bye
     * @return whether the backend was told; if not, the lease has to end before anything is swept
     */
    boolean end(boolean orderly) {
        boolean told = orderly && phase == Phase.RUNNING && available && backend.way(this) == Way.OPEN;
        phase = Phase.CLOSED;
        available = false;
        alarms.end();
        if (starting != null) {
            starting.fail(Reason.CLOSED, "the registry was closed while it started");
        }
        link.close();
        nodes.clear();
        commands.drop(Reason.CLOSED, "the registry is closed");
        backend.detach(this);
        if (told) {
            backend.state().leases.condemn(self);
            backend.announceNodes();
        }
        return told;
    }

    /** The node is gone, and with the last one its cluster. */
    void released() {
        if (!gone) {
            gone = true;
            released.run();
        }
    }

    /** The process vanishes: nobody is told. One that has ended in order stays so. */
    void crash() {
        if (phase != Phase.CLOSED) {
            end(false);
        }
        released();
    }

    private void sweep() {
        boolean more = available && backend.way(this) == Way.OPEN && backend.sweep(timings);
        alarms.planSweep(more, this::sweep);
    }

    // ---- the lease ----

    /** Whether this incarnation still lives in the backend of the generation it knows; if not, it looks into it soon. */
    boolean hasLease() {
        ClusterState state = backend.state();
        boolean alive = state.generation.equals(generation) && state.leases.alive(self);
        if (!alive && suspected.compareAndSet(false, true)) {
            alarms.after(Duration.ofMillis(1), () -> {
                suspected.set(false);
                beat();
            });
        }
        return alive;
    }

    /** The node's memory and the backend may differ: the next heartbeat compares them. */
    void unsettle() {
        unsettled = true;
    }

    private void beat() {
        if (!frozen) {
            switch (backend.way(this)) {
                case OPEN -> answered();
                case CUT -> lose("the backend cannot be reached");
                case STALLED -> waitForAnswer();
            }
        }
        planHeartbeat();
    }

    private void planHeartbeat() {
        alarms.planHeartbeat(available, this::beat);
    }

    private void answered() {
        alarms.answered();
        commands.flush();
        ClusterState state = backend.state();
        long now = backend.time.nanoTime();
        boolean known = available && state.generation.equals(generation);
        if (known && state.leases.renew(self, now, timings.lease())) {
            confirmedAt = now;
            if (unsettled) {
                unsettled = false;
                new Restoration(state, local, self).run(self, link, true);
            }
            observe(backend.view());
        } else {
            enter();
        }
    }

    /** A heartbeat got no answer yet: at the time-out, and in any case before the lease ends, the backend is lost. */
    private void waitForAnswer() {
        if (!available || alarms.isPatient()) {
            return;
        }
        long leaseLeft = confirmedAt + timings.lease().toNanos() * 4 / 5 - backend.time.nanoTime();
        long patience = Math.min(timings.operationTimeout().toNanos(), leaseLeft);
        alarms.planPatience(Duration.ofNanos(Math.max(0, patience)), () -> {
            if (backend.way(this) != Way.OPEN && !frozen) {
                lose("the backend does not answer");
                planHeartbeat();
            }
        });
    }

    private void lose(String why) {
        if (available) {
            available = false;
            LOG.warn("Node {} lost the registry, operations fail until it is back: {}", self.name(), why);
            RegistryException cause = new RegistryException(Reason.UNAVAILABLE, why);
            link.offer(listener -> listener.onUnavailable(cause));
        }
    }

    void observe(Leases.View view) {
        if (phase == Phase.RUNNING && available) {
            nodes.observe(view, self);
        }
    }

    private boolean nameIsTaken() {
        NodeId holder = backend.state().leases.holder(self.name());
        return holder != null
                && !holder.equals(self)
                && backend.runs(holder)
                && !backend.state().leases.expired(holder, backend.time.nanoTime());
    }

    /** Comes in, or back in, with everything this node holds (R21, R22). */
    private void enter() {
        if (nameIsTaken()) {
            lose("the node name is in use by a live node");
            return;
        }
        ClusterState state = backend.state();
        NodeId before = self;
        long now = backend.time.nanoTime();
        boolean first = generation == null;
        boolean sameBackend = state.generation.equals(generation);
        // Its LEFTs were published if it was declared gone; the data is lost if only the lease is missing.
        boolean declaredGone = state.leases.gone(self);
        boolean leaseOver = !state.leases.alive(self)
                && now - confirmedAt >= timings.lease().toNanos();
        if (declaredGone || !first && (leaseOver || sameBackend && !state.leases.alive(self))) {
            self = NodeId.fresh(self.name());
        }
        succeedNamesake(state);
        state.leases.grant(self, now, timings.lease());
        generation = state.generation;
        confirmedAt = now;
        backend.route(self, link);
        Set<String> silently = new Restoration(state, local, self).run(before, link, declaredGone || sameBackend);
        boolean recovered = !available;
        available = true;
        unsettled = false;
        tellOfReturn(first, before, silently, recovered);
        backend.announceNodes();
    }

    /** A dead process of this name may still have a lease: the new one ends it, rather than wait for that. */
    private void succeedNamesake(ClusterState state) {
        NodeId holder = state.leases.holder(self.name());
        if (holder != null && !holder.equals(self)) {
            state.leases.condemn(holder);
        }
    }

    private void tellOfReturn(boolean first, NodeId before, Set<String> silently, boolean recovered) {
        NodeId now = self;
        if (!before.equals(now) && !first) {
            LOG.warn("Node {} lost its lease and came back as {}", before, now);
            link.offer(listener -> listener.onIncarnation(now, before));
        }
        if (!first) {
            link.offer(RegistryListener::onLinkReplaced);
        }
        for (String group : silently) {
            Delivery reset = listener -> listener.onMembersReset(group);
            link.offer(reset);
            backend.state().obtain(group).tellOthers(link, reset);
        }
        if (starting != null) {
            starting.complete(null);
            starting = null;
        } else if (recovered) {
            link.offer(RegistryListener::onRecovered);
        }
    }

    // ---- faults ----

    void disturb(@Nullable Faults faults) {
        link.disturb(faults == null ? null : faults.ofLink(self.name(), backend.time));
        commands.disturb(faults == null ? null : faults.ofCommands(self.name()));
    }

    /** The backend closed the connection. A node that stands still, or is cut off, does not see it. */
    void connectionLost() {
        if (!isCutOff()) {
            commands.drop(Reason.UNAVAILABLE, "the backend cannot be reached");
            lose("the backend closed the connection");
            planHeartbeat();
        }
    }

    /** What was stuck gets through, the heartbeats included. */
    void wayOpened() {
        if (phase == Phase.RUNNING && backend.way(this) == Way.OPEN) {
            beat();
        }
    }

    void freeze() {
        frozen = true;
        link.hold();
    }

    void thaw() {
        frozen = false;
        wayOpened();
        link.release();
    }

    void partition() {
        partitioned = true;
        link.lose(true);
    }

    void heal() {
        partitioned = false;
        link.lose(false);
        breakLink();
        wayOpened();
    }

    /** The link breaks and is replaced at once: what was on its way is lost, and the node knows. */
    void breakLink() {
        link.discard();
        link.offer(RegistryListener::onLinkReplaced);
    }
}

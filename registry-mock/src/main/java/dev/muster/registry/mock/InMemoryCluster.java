package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryOption;
import dev.muster.registry.RegistryProvider;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in one process: the backend that its registries share, and everything that can go wrong with it. It keeps
 * the registry contract to the letter, so that a test finds what a real backend would find only on a bad day.
 *
 * <p>Nodes are named as in their {@link RegistryContext}. All methods are safe from any thread and take effect before
 * they return; what they make a registry tell its listener comes a moment later.
 */
public final class InMemoryCluster {

    final Backend backend;

    InMemoryCluster(TimeSource time) {
        backend = new Backend(time);
    }

    /** A cluster in the machine's time, with the timers of {@code vertx}. */
    public static InMemoryCluster create(Vertx vertx) {
        return new InMemoryCluster(new VertxTime(vertx, Clock.systemUTC(), System::nanoTime));
    }

    /** A cluster in a time that only a test moves; the clocks of its registries' contexts are not used. */
    public static InMemoryCluster create(VirtualTime time) {
        return new InMemoryCluster(time);
    }

    /** A node's registry in this cluster, not started yet. The context's namespace plays no part: a cluster is one. */
    public ConnectionRegistry registry(RegistryContext context) {
        return registry(context, () -> {});
    }

    InMemoryRegistry registry(RegistryContext context, Runnable released) {
        return new InMemoryRegistry(backend, context, released);
    }

    /** Makes registries in this cluster, for what wants a provider. */
    public RegistryProvider provider() {
        return new RegistryProvider() {
            @Override
            public String name() {
                return "memory";
            }

            @Override
            public List<RegistryOption> options() {
                return List.of();
            }

            @Override
            public boolean clustered() {
                return false;
            }

            @Override
            public ConnectionRegistry create(RegistryContext context) {
                return registry(context);
            }
        };
    }

    /** Whether a node of this name runs here, frozen and cut off ones included. */
    public boolean runs(String node) {
        return backend.shared(() -> backend.session(node) != null);
    }

    // ---- faults of nodes ----

    private void node(String name, Consumer<NodeSession> step) {
        backend.exclusively(() -> {
            NodeSession session = backend.session(name);
            if (session == null) {
                throw new IllegalArgumentException("no node \"" + name + "\" runs in this cluster");
            }
            step.accept(session);
        });
    }

    /** The node's process vanishes without a word: what it registered stays until its lease ends (R20). */
    public void crash(String node) {
        node(node, NodeSession::crash);
    }

    /** The node's process stands still: no heartbeats, no callbacks, and its operations wait. */
    public void freeze(String node) {
        node(node, NodeSession::freeze);
    }

    /** Ends {@link #freeze}; the node finds out what became of its lease (R21). */
    public void thaw(String node) {
        node(node, NodeSession::thaw);
    }

    /** The network between the node and the backend carries nothing, and says so to nobody. */
    public void partition(String node) {
        node(node, NodeSession::partition);
    }

    /** Ends {@link #partition}. */
    public void heal(String node) {
        node(node, NodeSession::heal);
    }

    /** The link that brings publications to the node breaks and is replaced; what was on its way is lost. */
    public void breakLink(String node) {
        node(node, NodeSession::breakLink);
    }

    /** From now on publications and sent bytes to the node vanish without a trace, or no longer. */
    public void loseDeliveries(String node, boolean lose) {
        node(node, session -> session.link().lose(lose));
    }

    // ---- faults of the backend ----

    /** Random faults from now on; null ends them. */
    public void disturb(@Nullable Faults faults) {
        backend.exclusively(() -> backend.disturb(faults));
    }

    /** Marks the state to which {@link Restart#ROLLBACK} returns. */
    public void checkpoint() {
        backend.exclusively(backend::checkpoint);
    }

    /** The backend ends, as in a crash; every node notices. */
    public void stop() {
        backend.exclusively(backend::stop);
    }

    /** The backend starts again, under a new generation (R16). */
    public void start(Restart with) {
        backend.exclusively(() -> backend.start(with));
    }

    /** The backend stands still: operations wait, and time out. */
    public void pause() {
        backend.exclusively(backend::pause);
    }

    /** Ends {@link #pause}. */
    public void resume() {
        backend.exclusively(backend::resume);
    }

    /** How many tables of the backend name this group; 0 once it is gone without a trace (R08). */
    public int traces(String group) {
        return backend.shared(() -> backend.state().traces(group));
    }
}

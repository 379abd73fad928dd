package dev.muster.node.ops;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How a node is doing. Any thread. */
public final class NodeState {

    /** What a load balancer wants to know. */
    public enum Status {
        /** It takes connections and serves them. */
        READY("ready"),
        /** It is stopping: no new connections. */
        DRAINING("draining"),
        /** It has not reached its registry yet, or not any more; sockets stay, but nothing can be said. */
        REGISTRY_UNAVAILABLE("registry_unavailable");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        /** As in the answer of {@code GET /ready}. */
        public String text() {
            return text;
        }
    }

    private final String node;
    private final String registry;
    private final LongSupplier nanoTime;
    private final long began;

    private final Promise<Void> reached = Promise.promise();
    private volatile boolean registryReached;
    private volatile boolean draining;

    /**
     * @param node its name
     * @param registry the name of the kind of registry it uses
     * @param nanoTime monotonic, in ns
     */
    public NodeState(String node, String registry, LongSupplier nanoTime) {
        this.node = node;
        this.registry = registry;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    /** The registry can be used. */
    public void registryReached() {
        registryReached = true;
        reached.tryComplete();
    }

    /** Completes when the registry can be used for the first time. */
    public Future<Void> whenReached() {
        return reached.future();
    }

    /** The registry cannot be used. */
    public void registryLost() {
        registryReached = false;
    }

    /** The node began to stop. There is no way back. */
    public void drain() {
        draining = true;
    }

    /** Whether the node began to stop. */
    public boolean isDraining() {
        return draining;
    }

    /** What a load balancer wants to know now. */
    public Status status() {
        if (draining) {
            return Status.DRAINING;
        }
        return registryReached ? Status.READY : Status.REGISTRY_UNAVAILABLE;
    }

    /** The node's name. */
    public String node() {
        return node;
    }

    /** The kind of registry. */
    public String registry() {
        return registry;
    }

    /** Whole seconds since the node began to start. */
    public long uptimeSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - began);
    }
}

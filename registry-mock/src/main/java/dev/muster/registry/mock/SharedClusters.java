package dev.muster.registry.mock;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The clusters of this JVM by name: nodes of one namespace find each other. A cluster goes with its last node. */
final class SharedClusters {

    private static final class Shared {
        final InMemoryCluster cluster;
        int nodes;

        Shared(InMemoryCluster cluster) {
            this.cluster = cluster;
        }
    }

    private static final Map<String, Shared> BY_NAME = new HashMap<>();

    private SharedClusters() {}

    /** The cluster {@code name}, made if it is not there. */
    static InMemoryCluster join(String name, Supplier<InMemoryCluster> make) {
        synchronized (BY_NAME) {
            Shared shared = BY_NAME.computeIfAbsent(name, absent -> new Shared(make.get()));
            shared.nodes++;
            return shared.cluster;
        }
    }

    /** To be called once for every {@link #join}. */
    static void leave(String name) {
        synchronized (BY_NAME) {
            BY_NAME.computeIfPresent(name, (present, shared) -> --shared.nodes == 0 ? null : shared);
        }
    }

    static boolean exists(String name) {
        synchronized (BY_NAME) {
            return BY_NAME.containsKey(name);
        }
    }
}

package dev.muster.node.cluster;

import dev.muster.node.Node;
import dev.muster.node.NodeBuilder;
import java.util.UUID;

/** The registries that a cluster is tested on. */
enum Backend {
    MEMORY,
    REDIS,
    HAZELCAST;

    /** One cluster's share of a backend. */
    interface Share extends AutoCloseable {

        /** A node of the cluster, to be started. */
        NodeBuilder node(String id);

        @Override
        void close();
    }

    Share open() {
        // A name of its own: clusters of tests that run at once never see each other.
        String cluster = "test-" + UUID.randomUUID();
        return switch (this) {
            case MEMORY -> share(cluster, "memory");
            case REDIS -> redis(cluster);
            case HAZELCAST -> share(cluster, "hazelcast");
        };
    }

    private static Share redis(String cluster) {
        Redis redis = new Redis();
        return new Share() {
            @Override
            public NodeBuilder node(String id) {
                return builder(cluster, "redis", id).option("redis", redis.url());
            }

            @Override
            public void close() {
                redis.close();
            }
        };
    }

    private static Share share(String cluster, String registry) {
        return new Share() {
            @Override
            public NodeBuilder node(String id) {
                return builder(cluster, registry, id);
            }

            @Override
            public void close() {}
        };
    }

    static NodeBuilder builder(String cluster, String registry, String id) {
        return Node.builder()
                .registry(registry)
                .option("cluster", cluster)
                .nodeId(id)
                // Tests say more in a second than a person does.
                .option("limit-messages", "0")
                .port(0);
    }
}

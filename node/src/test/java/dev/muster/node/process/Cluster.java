package dev.muster.node.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** Some nodes of one cluster, each a process, over Redis or Hazelcast. */
final class Cluster implements AutoCloseable {

    /** What connects processes. */
    enum Kind {
        REDIS,
        HAZELCAST
    }

    private final String name = "it-" + UUID.randomUUID();
    private final List<String> common = new ArrayList<>();
    private final List<MusterProcess> nodes = new ArrayList<>();
    private RedisProcess redis;

    /** Starts so many nodes, called n1, n2 and so on, and waits until they are ready and know one another. */
    Cluster(Kind kind, int count, String... options) {
        common.addAll(List.of("--cluster", name));
        if (kind == Kind.REDIS) {
            redis = new RedisProcess();
            common.addAll(List.of("--registry", "redis", "--redis", redis.url()));
        } else {
            common.addAll(List.of("--registry", "hazelcast"));
        }
        common.addAll(Arrays.asList(options));
        if (!common.contains("--limit-messages")) {
            common.addAll(List.of("--limit-messages", "0"));
        }
        try {
            for (int i = 1; i <= count; i++) {
                nodes.add(start("n" + i));
            }
            nodes.forEach(MusterProcess::awaitReady);
            awaitNodes(count);
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    /** A further node, or one again; its readiness is not awaited. */
    MusterProcess start(String id) {
        List<String> args = new ArrayList<>(List.of("--node-id", id));
        args.addAll(common);
        return MusterProcess.node(args.toArray(new String[0]));
    }

    /** Every node sees so many. */
    void awaitNodes(int count) {
        Patience.await(count + " nodes").until(() -> nodes.stream().allMatch(node -> nodesSeen(node) == count));
    }

    private static int nodesSeen(MusterProcess node) {
        // With tokens, the figures are for those who have one with the right role, and for the ops port.
        String from = node.ops().orElse("127.0.0.1:" + node.port());
        String figures =
                MusterProcess.getFrom(from, "/metrics", "Accept", "text/plain").body();
        return figures.lines()
                .filter(line -> line.startsWith("muster_nodes "))
                .map(line -> (int) Double.parseDouble(line.substring("muster_nodes ".length())))
                .findFirst()
                .orElse(0);
    }

    MusterProcess node(int index) {
        return nodes.get(index);
    }

    List<MusterProcess> nodes() {
        return nodes;
    }

    List<Integer> ports() {
        return nodes.stream().map(MusterProcess::port).collect(Collectors.toList());
    }

    RedisProcess redis() {
        return redis;
    }

    @Override
    public void close() {
        nodes.forEach(MusterProcess::close);
        if (redis != null) {
            redis.close();
        }
    }
}

package dev.muster.node.process;

import dev.muster.node.Node;
import dev.muster.node.shape.Range;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.component.Position;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Two nodes over Redis with components of an application; the second does not know all that the first one knows. */
final class SyncNodes implements AutoCloseable {

    /** Has a field of each kind that the inspector can change. */
    record Lamp(boolean on, @Range(min = 0, max = 10) int level, String colour, List<Integer> steps) {}

    /** Only the first node knows it. */
    record Secret(String text) {}

    private static final Sync KNOWS_ALL = sync().component(Secret.class).build();
    private static final Sync KNOWS_LESS = sync().build();

    private final String cluster = "sync-" + UUID.randomUUID();
    private final RedisProcess redis = new RedisProcess();
    private final List<Node> nodes = new ArrayList<>();

    SyncNodes() {
        nodes.add(start("n1", 0, KNOWS_ALL));
        nodes.add(start("n2", 0, KNOWS_LESS));
        Patience.await("two nodes").until(() -> nodesSeen(0) == 2 && nodesSeen(1) == 2);
    }

    private static Sync.Builder sync() {
        return Sync.builder()
                .space("world")
                .space("other")
                .component(Lamp.class)
                .component(Position.class)
                .position(Position.class, place -> new Sync.Point(place.x(), place.y(), place.z()));
    }

    private Node start(String name, int port, Sync sync) {
        return get(Node.builder()
                .registry("redis")
                .option("redis", redis.url())
                .option("cluster", cluster)
                .option("limit-messages", "0")
                .nodeId(name)
                .port(port)
                .sync(sync)
                .start());
    }

    private long nodesSeen(int index) {
        return MusterProcess.getFrom(authority(index), "/metrics", "Accept", "text/plain")
                .body()
                .lines()
                .filter(line -> line.startsWith("muster_nodes "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring("muster_nodes ".length())))
                .findFirst()
                .orElse(0);
    }

    static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    String authority(int index) {
        return "127.0.0.1:" + nodes.get(index).port();
    }

    String url(int index, String path) {
        return "http://" + authority(index) + path;
    }

    Space space(int index) {
        return nodes.get(index).space("world");
    }

    Entity spawn(int index, Record... components) {
        return get(space(index).spawn(components));
    }

    <C extends Record> C read(int index, Entity entity, Class<C> type) {
        return get(space(index).read(entity, type)).orElse(null);
    }

    /** Stops the first node; what runs in between happens without it. */
    void without(Runnable action) {
        int port = nodes.get(0).port();
        get(nodes.get(0).close());
        action.run();
        nodes.set(0, start("n1", port, KNOWS_ALL));
    }

    /** The components of an entity by name, as a node holds them. */
    Set<String> components(int index, Entity entity) {
        return get(space(index).query(replica -> {
            Set<String> names = new TreeSet<>();
            if (replica.find(entity) != null) {
                replica.find(entity).components().forEach(component -> names.add(component.name()));
            }
            return names;
        }));
    }

    @Override
    public void close() {
        nodes.forEach(node -> get(node.close()));
        redis.close();
    }
}

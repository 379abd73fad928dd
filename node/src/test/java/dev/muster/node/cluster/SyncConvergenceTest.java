package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Owner;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients on two nodes that subscribe, are cut off and come back while the space changes: in the end each has what there
 * is. The seed is printed; {@code -Dmuster.sync.seed} repeats it.
 */
class SyncConvergenceTest {

    private static final int STEPS = 300;
    private static final String[] COMPONENTS = {"*", "Name", "Owner"};

    /** A client with what it is told, judged as it comes. */
    private static final class Viewer {
        final Cluster cluster;
        final Map<Long, String> wants = new TreeMap<>();
        final Map<Long, Map<String, JsonObject>> copies = new HashMap<>();
        private final Set<Long> answered = new HashSet<>();
        private SyncClient client;
        private int read;
        private long markers;

        Viewer(Cluster cluster, int node) {
            this.cluster = cluster;
            connect(node);
        }

        void connect(int node) {
            client = new SyncClient(cluster.open(node, "/ws/sync", null));
            read = 0;
            answered.clear();
            copies.clear();
            wants.forEach(this::subscribe);
        }

        void cut(int node) {
            client.client().close();
            connect(node);
        }

        void subscribe(long id, String component) {
            wants.put(id, component);
            copies.put(id, new TreeMap<>());
            client.subscribe(id, component, null);
        }

        /** Items that are on their way still belong to the subscription: it ends when its end was answered. */
        void unsubscribe(long id) {
            client.unsubscribe(id);
            long marker = 1_000_000 + ++markers;
            client.send(new JsonObject()
                    .put("type", "release")
                    .put("requestId", marker)
                    .put("entity", "0"));
            await().until(() -> {
                take();
                return client.client().got.stream().anyMatch(frame -> frame.contains("\"requestId\":" + marker));
            });
            take();
            wants.remove(id);
            copies.remove(id);
            answered.remove(id);
        }

        void take() {
            List<String> got = client.client().got;
            for (; read < got.size(); read++) {
                JsonObject frame = new JsonObject(got.get(read));
                if (frame.getString("type").equals("batch")) {
                    frame.getJsonArray("initial", new JsonArray()).forEach(id -> {
                        assertThat(answered.add(((Number) id).longValue())).isTrue();
                        copies.get(((Number) id).longValue()).clear();
                    });
                    frame.getJsonArray("items").forEach(item -> take((JsonObject) item));
                }
            }
        }

        private void take(JsonObject item) {
            long id = item.getLong("subscriptionId");
            Map<String, JsonObject> copy = copies.get(id);
            assertThat(copy).as("subscribed: %s", item).isNotNull();
            assertThat(answered).as("answered: %s", item).contains(id);
            String entity = item.getString("entity") + " ";
            String key = entity + item.getString("component");
            switch (item.getString("op")) {
                case "snapshot", "update" -> copy.put(key, item.getJsonObject("value"));
                case "componentRemoved" -> copy.remove(key);
                default -> copy.keySet().removeIf(each -> each.startsWith(entity));
            }
        }
    }

    @ParameterizedTest
    @DisplayName("every copy becomes the space")
    @EnumSource(Backend.class)
    void converges(Backend backend) {
        long seed = Long.getLong("muster.sync.seed", System.nanoTime());
        System.out.println("sync convergence on " + backend + ", seed " + seed);
        Random random = new Random(seed);
        try (Cluster cluster = new Cluster(backend, 2)) {
            List<Viewer> viewers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                viewers.add(new Viewer(cluster, i));
            }
            List<Entity> entities = new ArrayList<>();
            for (int i = 0; i < STEPS; i++) {
                change(cluster.node(random.nextInt(2)).space("world"), entities, random);
                move(viewers.get(random.nextInt(4)), random);
            }
            Map<String, JsonObject> truth = truth(cluster);
            for (Viewer viewer : viewers) {
                viewer.wants.forEach((id, component) -> await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> {
                            viewer.take();
                            assertThat(viewer.copies.get(id))
                                    .as("subscription %d to %s, seed %d", id, component, seed)
                                    .isEqualTo(of(component, truth));
                        }));
            }
        }
    }

    private static Map<String, JsonObject> of(String component, Map<String, JsonObject> truth) {
        Map<String, JsonObject> wanted = new TreeMap<>(truth);
        wanted.keySet().removeIf(key -> !component.equals("*") && !key.endsWith(" " + component));
        return wanted;
    }

    private static void change(Space space, List<Entity> entities, Random random) {
        Entity any = entities.isEmpty() ? null : entities.get(random.nextInt(entities.size()));
        switch (any == null ? 0 : random.nextInt(8)) {
            case 0, 1 -> entities.add(Client.get(space.spawn(new Name("n" + random.nextInt(99)))));
            case 2 -> Client.get(space.despawn(any).otherwiseEmpty());
            case 3 -> Client.get(space.remove(any, Name.class).otherwiseEmpty());
            case 4 ->
                Client.get(space.set(any, new Owner("o" + random.nextInt(99))).otherwiseEmpty());
            default ->
                Client.get(space.set(any, new Name("m" + random.nextInt(99))).otherwiseEmpty());
        }
    }

    private static void move(Viewer viewer, Random random) {
        long id = random.nextInt(3);
        switch (random.nextInt(12)) {
            case 0 -> viewer.cut(random.nextInt(2));
            case 1, 2 -> {
                if (!viewer.wants.containsKey(id)) {
                    viewer.subscribe(id, COMPONENTS[random.nextInt(COMPONENTS.length)]);
                }
            }
            case 3 -> {
                if (viewer.wants.containsKey(id)) {
                    viewer.unsubscribe(id);
                }
            }
            default -> viewer.take();
        }
    }

    /** What the registry has, read by a replica that has all of it. */
    private static Map<String, JsonObject> truth(Cluster cluster) {
        Map<String, JsonObject> truth = new TreeMap<>();
        Viewer late = new Viewer(cluster, 0);
        // What either node has written, both have read, when each has seen what the other wrote last.
        for (int node = 0; node < 2; node++) {
            Entity marker = Client.get(cluster.node(node).space("world").spawn(new Name("marker")));
            for (int other = 0; other < 2; other++) {
                Space space = cluster.node(other).space("world");
                await().until(() -> Client.get(space.exists(marker)));
            }
            Client.get(cluster.node(node).space("world").despawn(marker));
            for (int other = 0; other < 2; other++) {
                Space space = cluster.node(other).space("world");
                await().until(() -> !Client.get(space.exists(marker)));
            }
        }
        late.subscribe(1, "*");
        await().until(() -> {
            late.take();
            return late.answered.contains(1L);
        });
        truth.putAll(late.copies.get(1L));
        return truth;
    }
}

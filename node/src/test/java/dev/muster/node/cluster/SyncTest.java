package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.node.sync.Entity;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Entities and components as JSON, on two nodes. */
@ParameterizedClass(name = "{0}")
@EnumSource(Backend.class)
class SyncTest {

    @Parameter
    Backend backend;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(backend, 2, node -> node.option("spaces", "garden"));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private SyncClient sync(int node) {
        return new SyncClient(cluster.open(node, "/ws/sync", null));
    }

    private static JsonObject name(String name) {
        return new JsonObject().put("name", name);
    }

    private static JsonObject position(double x, double y) {
        return new JsonObject().put("x", x).put("y", y).put("z", 0.0);
    }

    @Test
    @DisplayName("what one changes at one node, another is told of at the other")
    void across() {
        SyncClient ann = sync(0);
        SyncClient bob = sync(1).subscribe(7, "Name", null);
        JsonObject empty = bob.next();
        assertThat(empty).isEqualTo(new JsonObject("{\"type\":\"batch\",\"initial\":[7],\"items\":[]}"));
        String entity = ann.spawn("Name", name("a"));
        JsonObject told = bob.item("update", entity, "Name");
        assertThat(told.getLong("subscriptionId")).isEqualTo(7);
        assertThat(told.getJsonObject("value")).isEqualTo(name("a"));
        JsonObject set = ann.mutate(entity, "Name", name("b"));
        assertThat(set.getString("status")).isEqualTo("Ok");
        assertThat(set.getString("entity")).isEqualTo(entity);
        told = bob.item("update", entity, "Name");
        assertThat(told.getJsonObject("value")).isEqualTo(name("b"));
        assertThat(told.getLong("revision")).isEqualTo(set.getLong("revision"));
        // What a node has changed it reads, also when another one has heard of it first.
        Client.get(cluster.node(0).space("world").exists(new Entity(Long.parseUnsignedLong(entity))));
        SyncClient late = sync(0).subscribe(1, "*", entity);
        JsonObject snapshot = late.next();
        assertThat(snapshot.getJsonArray("initial")).isEqualTo(new JsonArray(List.of(1)));
        assertThat(snapshot.getJsonArray("items").getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("op", "snapshot")
                        .put("subscriptionId", 1)
                        .put("entity", entity)
                        .put("component", "Name")
                        .put("revision", set.getLong("revision"))
                        .put("value", name("b")));
        assertThat(ann.despawn(entity).getString("status")).isEqualTo("Ok");
        assertThat(bob.item("entityRemoved", entity, null).getLong("subscriptionId"))
                .isEqualTo(7);
        assertThat(late.item("entityRemoved", entity, null)).isNotNull();
    }

    @Test
    @DisplayName("patches merge, removals remove, and who has an old revision is told of the conflict")
    void revisions() {
        SyncClient ann = sync(0);
        SyncClient bob = sync(1).subscribe(1, "Position", null).ready(1);
        String entity = ann.spawn("Position", position(1, 2));
        long first = bob.item("update", entity, "Position").getLong("revision");
        JsonObject patch = new JsonObject()
                .put("type", "mutate")
                .put("entity", entity)
                .put("component", "Position")
                .put("patch", new JsonObject().put("y", 5.5));
        JsonObject patched = ann.ask(patch);
        assertThat(patched.getString("status")).as(patched.encode()).isEqualTo("Ok");
        assertThat(bob.item("update", entity, "Position").getJsonObject("value"))
                .isEqualTo(position(1, 5.5));
        JsonObject stale = bob.ask(new JsonObject()
                .put("type", "mutate")
                .put("entity", entity)
                .put("component", "Position")
                .put("value", position(9, 9))
                .put("expectedRevision", first));
        assertThat(stale.getString("status")).isEqualTo("Conflict");
        JsonObject good = bob.ask(new JsonObject()
                .put("type", "mutate")
                .put("entity", entity)
                .put("component", "Position")
                .put("value", position(3, 3))
                .put("expectedRevision", patched.getLong("revision")));
        assertThat(good.getString("status")).as(good.encode()).isEqualTo("Ok");
        JsonObject removed = ann.ask(
                new JsonObject().put("type", "remove").put("entity", entity).put("component", "Position"));
        assertThat(removed.getString("status")).as(removed.encode()).isEqualTo("Ok");
        assertThat(bob.item("componentRemoved", entity, "Position")).isNotNull();
    }

    @Test
    @DisplayName("the answer comes before what it caused, and nothing after an unsubscription")
    void order() {
        SyncClient ann =
                sync(0).subscribe(1, "*", null).subscribe(2, "Name", null).ready(2);
        for (int i = 0; i < 50; i++) {
            String entity = ann.spawn("Name", name("n" + i));
            JsonObject told = ann.item("update", entity, "Name");
            assertThat(told.getJsonObject("value")).isEqualTo(name("n" + i));
            JsonObject answer = ann.mutate(entity, "Name", name("m" + i));
            assertThat(ann.item("update", entity, "Name").getLong("revision")).isEqualTo(answer.getLong("revision"));
        }
        List<String> before = List.copyOf(ann.client().got);
        before.stream()
                .filter(frame -> frame.contains("m49"))
                .forEach(frame -> assertThat(before.indexOf(frame)).isGreaterThan(before.size() - 3));
        ann.unsubscribe(2);
        String last = ann.spawn("Name", name("last"));
        assertThat(ann.itemsUntil(item -> item.getString("entity").equals(last)))
                .allSatisfy(item -> assertThat(item.getLong("subscriptionId")).isEqualTo(1));
        assertThat(ann.despawn(last).getString("status")).isEqualTo("Ok");
        assertThat(ann.itemsUntil(item -> item.getString("op").equals("entityRemoved")))
                .hasSize(1);
    }

    @Test
    @DisplayName("of two who take an entity at two nodes one has it, and keeps the others out")
    void control() {
        SyncClient ann = sync(0);
        SyncClient bob = sync(1).subscribe(1, "EntityControl", null).ready(1);
        String ship = ann.spawn("Name", name("ship"));
        String sail = ann.spawn("Parent", new JsonObject().put("parent", ship));
        String rope = ann.spawn("Parent", new JsonObject().put("parent", sail));
        Entity parent = new Entity(Long.parseUnsignedLong(sail));
        await().until(() ->
                !Client.get(cluster.node(1).space("world").children(parent)).isEmpty());
        for (int round = 0; round < 10; round++) {
            JsonObject take =
                    new JsonObject().put("type", "take").put("entity", ship).put("requestId", 1_000 + round);
            ann.send(take);
            bob.send(take);
            long id = 1_000 + round;
            JsonObject anns = ann.next(frame -> frame.containsKey("requestId") && frame.getLong("requestId") == id);
            JsonObject bobs = bob.next(frame -> frame.containsKey("requestId") && frame.getLong("requestId") == id);
            assertThat(List.of(anns.getString("status"), bobs.getString("status")))
                    .as(anns.encode() + bobs.encode())
                    .containsExactlyInAnyOrder("Taken", "AlreadyControlled");
            boolean annHasIt = anns.getString("status").equals("Taken");
            SyncClient holder = annHasIt ? ann : bob;
            SyncClient other = annHasIt ? bob : ann;
            assertThat((annHasIt ? bobs : anns).getLong("by")).isNotNull();
            await().untilAsserted(() -> {
                for (String entity : List.of(ship, sail, rope)) {
                    assertThat(other.mutate(entity, "Name", name("x")).getString("status"))
                            .isEqualTo("Forbidden");
                }
            });
            assertThat(holder.mutate(rope, "Name", name("y")).getString("status"))
                    .isEqualTo("Ok");
            assertThat(holder.control("take", ship).getString("status")).isEqualTo("Taken");
            assertThat(other.control("release", ship).getString("status")).isEqualTo("AlreadyControlled");
            assertThat(holder.control("release", ship).getString("status")).isEqualTo("Released");
            assertThat(holder.control("release", ship).getString("status")).isEqualTo("NotControlled");
            await().untilAsserted(() -> assertThat(
                            other.mutate(rope, "Name", name("z")).getString("status"))
                    .isEqualTo("Ok"));
        }
    }

    @Test
    @DisplayName("what a client held is free when it is gone")
    void holderGone() {
        SyncClient ann = sync(0);
        SyncClient bob = sync(1).subscribe(1, "EntityControl", null).ready(1);
        String ship = ann.spawn("Name", name("ship"));
        assertThat(ann.control("take", ship).getString("status")).isEqualTo("Taken");
        bob.item("update", ship, "EntityControl");
        assertThat(bob.control("take", ship).getString("status")).isEqualTo("AlreadyControlled");
        ann.client().close();
        bob.item("componentRemoved", ship, "EntityControl");
        assertThat(bob.control("take", ship).getString("status")).isEqualTo("Taken");
        assertThat(bob.mutate(ship, "Name", name("mine")).getString("status")).isEqualTo("Ok");
    }

    @Test
    @DisplayName("what the clients of a node held is free when the node is gone")
    void holdersNodeGone() {
        SyncClient ann = sync(0);
        SyncClient bob = sync(1).subscribe(1, "EntityControl", null).ready(1);
        String ship = ann.spawn("Name", name("ship"));
        assertThat(ann.control("take", ship).getString("status")).isEqualTo("Taken");
        bob.item("update", ship, "EntityControl");
        Client.get(cluster.nodes.get(0).close());
        bob.item("componentRemoved", ship, "EntityControl");
        assertThat(bob.control("take", ship).getString("status")).isEqualTo("Taken");
    }

    @Test
    @DisplayName("queries are answered once, or on each change until they are cancelled")
    void queries() {
        SyncClient ann = sync(0);
        SyncClient bob = sync(1);
        String entity = ann.spawn("Name", name("a"));
        JsonObject query = new JsonObject()
                .put("type", "query")
                .put("queryId", 5)
                .put("namespace", "entities")
                .put("params", new JsonObject("{\"components\":[\"Name\"],\"where\":{\"Name\":{\"name\":\"a\"}}}"));
        JsonArray row = new JsonArray()
                .add(new JsonObject().put("entity", entity).put("components", new JsonObject().put("Name", name("a"))));
        // The node that is asked may hear of the entity a moment later than the client that made it.
        await().until(() ->
                ann.send(query).nextOf("queryResponse").getJsonArray("rows").equals(row));
        // The component that fewest have may be any of those named, or only looked at.
        String tagged = ann.spawn("Tags", new JsonObject().put("tags", new JsonArray().add("t")));
        assertThat(ann.mutate(tagged, "Name", name("c")).getString("status")).isEqualTo("Ok");
        for (String params : List.of(
                "{\"components\":[\"Name\",\"Tags\"]}", "{\"where\":{\"Tags\":{},\"Name\":{\"name\":\"c\"}}}")) {
            JsonObject rare = query.copy().put("queryId", 6).put("params", new JsonObject(params));
            await().untilAsserted(() -> assertThat(ann.send(rare).nextOf("queryResponse").getJsonArray("rows").stream()
                            .map(each -> ((JsonObject) each).getString("entity")))
                    .containsExactly(tagged));
        }
        bob.send(query.copy().put("mode", "Subscribe"));
        bob.next(frame -> row.equals(frame.getJsonArray("rows")));
        ann.mutate(entity, "Name", name("b"));
        bob.next(frame -> new JsonArray().equals(frame.getJsonArray("rows")));
        ann.mutate(entity, "Name", name("a"));
        bob.next(frame -> row.equals(frame.getJsonArray("rows")));
        bob.send(new JsonObject().put("type", "queryCancel").put("queryId", 5));
        ann.mutate(entity, "Name", name("b"));
        bob.subscribe(1, "Name", entity);
        await().until(() -> bob.next(frame -> true).getString("type").equals("batch"));
        ann.mutate(entity, "Name", name("c"));
        assertThat(bob.next().getString("type")).isEqualTo("batch");
    }

    @Test
    @DisplayName("a space from the options is one of its own, on every node; others there are not")
    void furtherSpaces() {
        SyncClient world = sync(0).subscribe(1, "*", null).ready(1);
        SyncClient ann = new SyncClient(cluster.open(0, "/ws/sync?space=garden", null));
        SyncClient bob = new SyncClient(cluster.open(1, "/ws/sync?space=garden", null));
        bob.subscribe(1, "*", null).ready(1);
        String rose = ann.spawn("Name", name("rose"));
        assertThat(bob.item("update", rose, "Name").getJsonObject("value")).isEqualTo(name("rose"));
        String mountain = world.spawn("Name", name("mountain"));
        assertThat(world.itemsUntil(item -> item.getString("entity").equals(mountain)))
                .hasSize(1);
        assertThatThrownBy(() -> cluster.open(0, "/ws/sync?space=attic", null))
                .isInstanceOfSatisfying(
                        UpgradeRejectedException.class,
                        no -> assertThat(no.getStatus()).isEqualTo(400));
    }

    @Test
    @DisplayName("a large space comes in many frames")
    void large() {
        SyncClient ann = sync(0);
        int count = 3_000;
        for (int i = 0; i < count; i++) {
            ann.send(new JsonObject()
                    .put("type", "mutate")
                    .put("requestId", i)
                    .put("entity", SyncClient.NEW)
                    .put("component", "Name")
                    .put("value", name("name " + i)));
        }
        for (int i = 0; i < count; i++) {
            assertThat(ann.next().getString("status")).isEqualTo("Ok");
        }
        await().untilAsserted(() -> {
            SyncClient bob = sync(1).subscribe(1, "Name", null);
            int seen = 0;
            JsonObject batch;
            do {
                batch = bob.next();
                seen += batch.getJsonArray("items").size();
                assertThat(batch.encode().length()).isLessThan(80_000);
            } while (batch.containsKey("more"));
            bob.client().close();
            assertThat(seen).isEqualTo(count);
        });
    }
}

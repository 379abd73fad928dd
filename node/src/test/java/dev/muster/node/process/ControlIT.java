package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who has an entity for themselves, and on what node, when that node is killed. */
@ParameterizedClass(name = "{0}")
@EnumSource(Cluster.Kind.class)
class ControlIT {

    private static final String CONTROL = "EntityControl";

    /** As long as a connection of a dead node may be taken for a living one. */
    private static final Duration GHOST = Duration.ofSeconds(12);

    @Parameter
    Cluster.Kind kind;

    private Cluster cluster;
    private SpaceClient holder;
    private List<SpaceClient> others;

    @BeforeEach
    void start() {
        cluster = new Cluster(kind, 3);
        holder = client(0);
        others = List.of(client(1).watch("*"), client(2).watch("*"));
    }

    private SpaceClient client(int node) {
        return new SpaceClient(cluster.node(node).ws(""));
    }

    @AfterEach
    void stop() {
        if (others != null) {
            others.forEach(SpaceClient::close);
        }
        if (holder != null) {
            holder.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static JsonObject name(String name) {
        return new JsonObject().put("name", name);
    }

    @Test
    @DisplayName("kill -9 of the holder's node: free elsewhere within 12 s, told once, and what the holder set stays")
    void killed() {
        String ship = holder.spawn("ship");
        String sail = others.get(0).spawn("sail");
        assertThat(others.get(0)
                        .set(sail, "Parent", new JsonObject().put("parent", ship))
                        .getString("status"))
                .isEqualTo("Ok");
        // Its node has to know of the child before it takes both.
        holder.watch("Parent");
        holder.await("the child", each -> !each.items(sail).isEmpty());
        holder.watch(CONTROL);
        assertThat(holder.control("take", ship)).isEqualTo("Taken");
        assertThat(holder.set(ship, "Name", name("set by the holder")).getString("status"))
                .isEqualTo("Ok");
        for (SpaceClient other : others) {
            for (String entity : List.of(ship, sail)) {
                other.await(
                        "it is held",
                        each -> each.items("update", entity, CONTROL).size() == 1);
                assertThat(other.control("take", entity)).isEqualTo("AlreadyControlled");
            }
            assertThat(other.set(ship, "Name", name("not yet")).getString("status"))
                    .isEqualTo("Forbidden");
        }

        cluster.node(0).signal("KILL");
        long began = System.nanoTime();
        for (SpaceClient other : others) {
            for (String entity : List.of(ship, sail)) {
                Duration left = GHOST.minusNanos(System.nanoTime() - began);
                other.await(
                        "it is free",
                        left,
                        each -> !each.items("componentRemoved", entity, CONTROL).isEmpty());
            }
        }
        // Both want it at once, on two nodes, and one has it.
        List<CompletableFuture<String>> takes = others.stream()
                .map(other -> CompletableFuture.supplyAsync(() -> other.control("take", ship)))
                .toList();
        List<String> taken = takes.stream().map(CompletableFuture::join).toList();
        assertThat(taken).containsExactlyInAnyOrder("Taken", "AlreadyControlled");
        SpaceClient next = others.get(taken.indexOf("Taken"));
        SpaceClient last = others.get(taken.indexOf("AlreadyControlled"));
        last.await(
                "it is held again", each -> each.items("update", ship, CONTROL).size() == 2);
        assertThat(last.control("take", ship)).isEqualTo("AlreadyControlled");
        assertThat(last.set(ship, "Name", name("still not")).getString("status"))
                .isEqualTo("Forbidden");

        // Everything that there is to be told has been told when the marker comes.
        String marker = last.spawn("marker");
        for (SpaceClient other : others) {
            other.await("the marker", each -> !each.items(marker).isEmpty());
            assertThat(other.items("componentRemoved", ship, CONTROL)).hasSize(1);
            assertThat(other.items("componentRemoved", sail, CONTROL)).hasSize(1);
            assertThat(other.items(ship)).noneMatch(item -> item.getString("op").equals("entityRemoved"));
            List<JsonObject> names = other.items("update", ship, "Name");
            assertThat(names.get(names.size() - 1).getJsonObject("value")).isEqualTo(name("set by the holder"));
        }
        assertThat(next.set(ship, "Name", name("hers")).getString("status")).isEqualTo("Ok");
    }
}

package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.node.sync.ComponentWatcher;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.SpaceBatch;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.Watch;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Parent;
import dev.muster.node.sync.component.Position;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A space is the same on two nodes, whatever connects them. */
@ParameterizedClass
@EnumSource(Backend.class)
class SpaceTest {

    record Score(int points) {}

    @Parameter
    Backend backend;

    private Cluster cluster;
    private Space here;
    private Space there;

    @BeforeEach
    void start() {
        Sync sync = Sync.builder()
                .component(Position.class)
                .component(Score.class)
                .space("world")
                .space("moon")
                .build();
        cluster = new Cluster(backend, 2, node -> node.sync(sync));
        here = cluster.node(0).space("world");
        there = cluster.node(1).space("world");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static void assertFails(Status status, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SyncException.class, failure -> {
            assertThat(failure.status()).isEqualTo(status);
            assertThat(failure).hasMessageContaining(message);
        });
    }

    @Test
    @DisplayName("what one node changes, the other reads")
    void changes() {
        assertThat(Client.get(there.exists(new Entity(5)))).isFalse();
        Entity entity = Client.get(here.spawn(new Name("a"), new Position(1, 2, 3)));
        assertThat(Client.get(here.read(entity, Name.class))).contains(new Name("a"));
        // At once: a node that does not know an entity asks before it denies it.
        Client.get(there.set(entity, new Position(4, 5, 6)));
        Client.get(there.patch(entity, Position.class, p -> new Position(p.x() + 1, p.y(), p.z())));
        await().until(() -> Client.get(here.read(entity, Position.class)).equals(Optional.of(new Position(5, 5, 6))));

        assertThat(Client.get(there.remove(entity, Name.class))).isTrue();
        assertThat(Client.get(there.remove(entity, Name.class))).isFalse();
        await().until(() -> Client.get(here.read(entity, Name.class)).isEmpty());
        assertThat(Client.get(there.despawn(entity))).isTrue();
        assertThat(Client.get(there.despawn(entity))).isFalse();
        assertFails(
                Status.NOT_FOUND, "there is no entity " + entity, () -> Client.get(there.set(entity, new Score(1))));
        await().until(() -> !Client.get(here.exists(entity)));
        assertThat(Client.get(cluster.node(0).space("moon").exists(entity))).isFalse();
        assertFails(
                Status.NOT_FOUND,
                "there is no such space",
                () -> cluster.node(0).space("mars"));
    }

    @Test
    @DisplayName("patches of two nodes at once all count, and of two with one revision one wins")
    void races() {
        Entity entity = Client.get(here.spawn(new Score(0)));
        List<Future<?>> patches = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            patches.add(here.patch(entity, Score.class, score -> new Score(score.points() + 1)));
            patches.add(there.patch(entity, Score.class, score -> new Score(score.points() + 100)));
        }
        Client.get(Future.all(patches));
        assertThat(Client.get(here.read(entity, Score.class))).isPresent();
        await().until(() -> Client.get(here.read(entity, Score.class)).equals(Optional.of(new Score(2020))));

        long revision = Client.get(here.set(entity, new Score(1)));
        Future<Long> first = here.set(entity, new Score(2), revision);
        Future<Long> second = there.set(entity, new Score(3), revision);
        Future.join(first, second)
                .otherwiseEmpty()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        assertThat(first.succeeded()).isNotEqualTo(second.succeeded());
        Throwable lost = first.failed() ? first.cause() : second.cause();
        assertThat(((SyncException) lost).status()).isEqualTo(Status.CONFLICT);
        assertFails(Status.CONFLICT, "Score has revision", () -> Client.get(there.set(entity, new Score(4), 0)));
        assertThat(Client.get(there.set(entity, new Name("new"), 0))).isPositive();
    }

    @Test
    @DisplayName("a batch is made as a whole or refused as a whole, and knows its own entities")
    void batches() {
        Entity old = Client.get(here.spawn(new Score(1)));
        SpaceBatch batch = there.batch();
        Entity parent = batch.entity(new Name("parent"));
        Entity child = batch.entity(new Name("child"), new Parent(parent));
        batch.set(parent, new Score(2)).set(old, new Score(3));
        Client.get(batch.run());
        assertThat(Client.get(there.children(parent))).containsExactly(child);
        await().until(() -> Client.get(here.read(old, Score.class)).equals(Optional.of(new Score(3))));

        SpaceBatch wrong = there.batch();
        Entity never = wrong.entity(new Name("never"));
        wrong.set(old, new Name("x".repeat(999)));
        assertFails(Status.VALIDATION_ERROR, "Name: name must have", () -> Client.get(wrong.run()));
        Client.get(there.spawn());
        assertThat(Client.get(there.exists(never))).isFalse();
    }

    @Test
    @DisplayName("a parent has to be there, and nobody is their own ancestor")
    void families() {
        Entity a = Client.get(here.spawn());
        Entity b = Client.get(there.spawn(new Parent(a)));
        Entity c = Client.get(here.spawn(new Parent(b)));
        assertFails(Status.VALIDATION_ERROR, "nor a descendant of it", () -> Client.get(here.set(a, new Parent(c))));
        assertFails(Status.VALIDATION_ERROR, "nor a descendant of it", () -> Client.get(here.set(a, new Parent(a))));
        assertFails(
                Status.VALIDATION_ERROR,
                "there is no entity 5",
                () -> Client.get(there.set(a, new Parent(new Entity(5)))));
        Client.get(there.despawn(b));
        await().until(() -> !Client.get(here.exists(b)));
        assertThat(Client.get(here.read(c, Parent.class))).contains(new Parent(b));
    }

    @Test
    @DisplayName("who watches a type hears of what is there and of every change")
    void watching() {
        Entity first = Client.get(here.spawn(new Score(1)));
        Map<Entity, Integer> scores = new ConcurrentSkipListMap<>();
        Watch watch = Client.get(there.watch(Score.class, new ComponentWatcher<>() {
            @Override
            public void onSet(Entity entity, Score score, long revision) {
                scores.put(entity, score.points());
            }

            @Override
            public void onRemoved(Entity entity) {
                scores.remove(entity);
            }
        }));
        assertThat(scores).containsExactly(Map.entry(first, 1));
        Entity second = Client.get(here.spawn(new Score(2), new Name("b")));
        await().until(() -> scores.size() == 2);
        Client.get(here.despawn(first));
        await().until(() -> scores.keySet().equals(Set.of(second)));
        watch.end();
        Client.get(here.set(second, new Score(9)));
        await().until(() -> Client.get(there.read(second, Score.class)).equals(Optional.of(new Score(9))));
        assertThat(scores).containsExactly(Map.entry(second, 2));
    }

    @Test
    @DisplayName("the schema of all components is served to everybody")
    void schema() {
        JsonObject schema = cluster.json(1, "/sync/schema");
        assertThat(schema.getJsonObject("$defs").fieldNames()).contains("Name", "Parent", "Position", "Score");
    }
}

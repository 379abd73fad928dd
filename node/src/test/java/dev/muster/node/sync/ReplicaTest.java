package dev.muster.node.sync;

import static dev.muster.node.sync.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Position;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupFeed;
import dev.muster.registry.Publication;
import dev.muster.registry.Slice;
import dev.muster.registry.mock.InMemoryCluster;
import dev.muster.registry.mock.Restart;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaTest {

    private final Vertx vertx = Vertx.vertx();
    private final InMemoryCluster cluster = InMemoryCluster.create(vertx);
    private final List<TestNode> nodes = new ArrayList<>();
    private TestNode one;
    private TestNode two;

    @BeforeEach
    void start() {
        one = node("one", SyncSettings.DEFAULT);
        two = node("two", SyncSettings.DEFAULT);
    }

    private TestNode node(String name, SyncSettings settings) {
        TestNode node = new TestNode(vertx, cluster, name, settings);
        nodes.add(node);
        return node;
    }

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
        get(vertx.close());
    }

    private static Replica replica(TestNode node) {
        return get(node.spaces.open(Sync.WORLD)).replica();
    }

    private static <T> T ask(Replica replica, Supplier<T> question) {
        return get(replica.call(() -> Future.succeededFuture(question.get())));
    }

    private static Mirror mirror(Replica replica) {
        Mirror mirror = new Mirror();
        ask(replica, () -> {
            replica.forEach(entity -> {
                mirror.onSpawned(entity);
                entity.components().forEach(each -> mirror.onSet(entity, each, true));
            });
            return replica.listen(mirror);
        });
        return mirror;
    }

    @Test
    @DisplayName("of several who open a space at the same moment each gets its replica, and it is one")
    void openedAtOnce() throws Exception {
        SyncSettings usual = SyncSettings.DEFAULT;
        TestNode three = node(
                "three",
                new SyncSettings(usual.maxComponentBytes(), usual.maxEntities(), usual.maxSpaceBytes(), Duration.ZERO));
        int threads = 4;
        ExecutorService others = Executors.newFixedThreadPool(threads);
        CyclicBarrier moment = new CyclicBarrier(threads);
        for (int round = 0; round < 500; round++) {
            List<java.util.concurrent.Future<ReplicaUse>> opening = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                opening.add(others.submit(() -> {
                    moment.await();
                    return get(three.spaces.open(Sync.WORLD));
                }));
            }
            Set<Replica> replicas = new HashSet<>();
            for (java.util.concurrent.Future<ReplicaUse> each : opening) {
                ReplicaUse use = each.get();
                replicas.add(use.replica());
                use.end();
            }
            assertThat(replicas).hasSize(1);
            three.tick();
            assertThat(three.spaces.replicas()).isZero();
        }
        others.shutdown();
    }

    @Test
    @DisplayName("a component whose entity is gone is shown to nobody, and removed after a while by one of the nodes")
    void orphans() {
        Entity entity = get(one.world.spawn(new Name("a")));
        Replica first = replica(one);
        Replica second = replica(two);
        Mirror mirror = mirror(second);
        // As by a node that had not heard of the despawn yet.
        get(one.registry.publish(
                SpaceKeys.group("world"), Draft.remove(SpaceKeys.entity(entity.bits())), SpaceKeys.POLICY));
        get(one.registry.publish(
                SpaceKeys.group("world"),
                Draft.put(SpaceKeys.component(entity.bits(), "Name"), Buffer.buffer(new byte[] {1, 'b'})),
                SpaceKeys.POLICY));
        get(second.fence());
        assertThat(ask(second, () -> second.find(entity))).isNull();
        assertThat(ask(second, () -> List.copyOf(mirror.entities.keySet()))).isEmpty();
        assertThat(mirror.faults).isEmpty();
        assertThatThrownBy(() -> get(two.world.set(entity, new Name("c"))))
                .isInstanceOfSatisfying(
                        SyncException.class, no -> assertThat(no.status()).isEqualTo(Status.NOT_FOUND));
        get(first.fence());
        assertThat(Mirror.entries(one.registry, "world")).isNotEmpty();
        for (int i = 0; i < 30; i++) {
            one.tick();
            two.tick();
        }
        await().until(() -> Mirror.entries(one.registry, "world").isEmpty());
        get(first.fence());
        assertThat(ask(first, first::bytes)).isZero();
    }

    @Test
    @DisplayName("a replica is kept for a while after its last use, and a new one is the space again")
    void lingering() {
        TestNode node = node("three", new SyncSettings(100, 10, 1_000, Duration.ofSeconds(3)));
        Entity entity = get(node.world.spawn(new Name("a")));
        ReplicaUse use = get(node.spaces.open(Sync.WORLD));
        for (int i = 0; i < 10; i++) {
            node.tick();
        }
        assertThat(node.spaces.replicas()).isEqualTo(1);
        use.end();
        use.end();
        node.tick();
        assertThat(node.spaces.replicas()).isEqualTo(1);
        assertThat(replicaAgain(node)).isSameAs(use.replica());
        for (int i = 0; i < 4; i++) {
            node.tick();
        }
        assertThat(node.spaces.replicas()).isZero();
        assertThat(get(node.world.read(entity, Name.class))).contains(new Name("a"));
        assertThat(replicaAgain(node)).isNotSameAs(use.replica());
    }

    private static Replica replicaAgain(TestNode node) {
        ReplicaUse again = get(node.spaces.open(Sync.WORLD));
        again.end();
        return again.replica();
    }

    @Test
    @DisplayName("what does not fit into a space is refused, and nothing of it is made")
    void limits() {
        TestNode node = node("three", new SyncSettings(20, 3, 60, Duration.ofSeconds(3)));
        assertRefused(
                () -> get(node.world.spawn(new Name("a".repeat(30)))), "Name must have at most 20 bytes, but has 31");
        Entity first = get(node.world.spawn(new Name("a")));
        get(node.world.spawn());
        SpaceBatch batch = node.world.batch();
        batch.spawn();
        batch.spawn();
        assertRefused(() -> get(batch.run()), "a space holds at most 3 entities");
        get(node.world.spawn(new Position(0, 0, 0)));
        assertRefused(() -> get(node.world.spawn()), "a space holds at most 3 entities");
        get(node.world.set(first, new Name("a".repeat(19))));
        get(replica(node).fence());
        get(node.world.set(first, new Position(0, 0, 0)));
        get(replica(node).fence());
        assertRefused(
                () -> get(node.world.set(first, new Name("a".repeat(19)))),
                "the components of a space have at most 60 bytes together");
        assertThat(get(node.world.query(Replica::size))).isEqualTo(3);
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SyncException.class, refused -> {
            assertThat(refused.status()).isEqualTo(Status.VALIDATION_ERROR);
            assertThat(refused).hasMessage(message);
        });
    }

    @ParameterizedTest
    @EnumSource(Restart.class)
    @DisplayName("when the registry comes back, replicas have what it has, and listeners are told the difference")
    void restart(Restart restart) {
        Entity kept = get(one.world.spawn(new Name("kept")));
        cluster.checkpoint();
        Entity late = get(one.world.spawn(new Name("late")));
        Replica replica = replica(two);
        Mirror mirror = mirror(replica);
        cluster.stop();
        cluster.start(restart);
        int entities = restart == Restart.KEEP ? 2 : restart == Restart.ROLLBACK ? 1 : 0;
        await().until(() -> ask(replica, () -> mirror.entities.size() == entities && replica.size() == entities));
        assertThat(ask(replica, () -> replica.find(kept) != null)).isEqualTo(restart != Restart.LOSE);
        assertThat(ask(replica, () -> replica.find(late) != null)).isEqualTo(restart == Restart.KEEP);
        List<Entity> made = new ArrayList<>();
        await().ignoreExceptions().until(() -> made.add(get(two.world.spawn(new Name("after")))));
        Entity after = made.get(0);
        await().until(() -> get(one.world.exists(after)));
        get(replica.fence());
        assertThat(Mirror.differences(mirror.now(replica), Mirror.of(one.registry, "world")))
                .isNull();
    }

    @Test
    @DisplayName("a revision of a change that the registry lost is that of no other, at the same offset either")
    void lostRevision() {
        Entity entity = get(one.world.spawn(new Name("a")));
        Replica replica = replica(one);
        cluster.checkpoint();
        long lost = get(one.world.set(entity, new Name("lost")));
        long offset = offsetOfName(replica, entity);
        cluster.stop();
        cluster.start(Restart.ROLLBACK);
        await().ignoreExceptions()
                .until(() -> get(one.world.read(entity, Name.class)).equals(Optional.of(new Name("a"))));
        long other = get(one.world.set(entity, new Name("other")));
        assertThat(offsetOfName(replica, entity)).isEqualTo(offset);
        await().ignoreExceptions().until(() -> get(two.world.exists(entity)));
        assertThatThrownBy(() -> get(two.world.set(entity, new Name("b"), lost)))
                .isInstanceOfSatisfying(
                        SyncException.class, no -> assertThat(no.status()).isEqualTo(Status.CONFLICT));
        assertThat(get(two.world.remove(entity, "Name", lost))).isFalse();
        assertThat(get(two.world.set(entity, new Name("b"), other))).isEqualTo(other + 1);
    }

    private static long offsetOfName(Replica replica, Entity entity) {
        get(replica.fence());
        return ask(
                replica, () -> replica.find(entity).component("Name").position().offset());
    }

    @Test
    @DisplayName("a replica that lost the newest change finds it, and who waits for it is told")
    void lostDelivery() {
        Replica replica = replica(two);
        cluster.loseDeliveries("two", true);
        Entity entity = get(one.world.spawn(new Name("a")));
        Future<Void> fence = replica.fence();
        cluster.loseDeliveries("two", false);
        // A second passes with each look, and the third would be too late.
        await().pollInterval(Duration.ofMillis(500)).until(() -> {
            two.tick();
            return fence.isComplete();
        });
        assertThat(fence.succeeded()).isTrue();
        assertThat(ask(replica, () -> replica.find(entity))).isNotNull();
    }

    @Test
    @DisplayName("without a registry, opening a space fails and says so; later it works")
    void noRegistry() {
        cluster.stop();
        assertThatThrownBy(() -> get(one.world.spawn())).isInstanceOfSatisfying(SyncException.class, no -> {
            assertThat(no.status()).isEqualTo(Status.INTERNAL_ERROR);
            assertThat(no).hasMessage("the registry is unavailable");
        });
        assertThat(one.spaces.replicas()).isZero();
        cluster.start(Restart.KEEP);
        await().ignoreExceptions().until(() -> get(one.world.spawn()) != null);
    }

    @Test
    @DisplayName("a component of a type that this node does not know keeps its bytes")
    void unknownTypes() {
        Entity entity = get(one.world.spawn());
        get(one.registry.publish(
                SpaceKeys.group("world"),
                Draft.put(SpaceKeys.component(entity.bits(), "Alien"), Buffer.buffer(new byte[] {1, 2, 3})),
                SpaceKeys.POLICY));
        Replica replica = replica(two);
        ComponentState alien = ask(replica, () -> replica.find(entity).component("Alien"));
        assertThat(alien.type()).isNull();
        assertThat(alien.bytes()).containsExactly(1, 2, 3);
        List<String> names = ask(replica, () -> {
            List<String> all = new ArrayList<>();
            replica.forEach("Alien", each -> all.add(each.name()));
            return all;
        });
        assertThat(names).containsExactly("Alien");
    }

    // ---- the check itself ----

    private enum Mutation {
        NONE,
        DROP,
        SWAP
    }

    /** A replica that is given publication number {@code at} never, or after the one that follows it. */
    private Replica mutant(Mutation mutation, int at) {
        Replica replica =
                new Replica("world", two.registry, TestNode.SYNC, ((VertxInternal) vertx).createEventLoopContext());
        List<Publication> held = new ArrayList<>();
        int[] count = {0};
        GroupFeed feed = new GroupFeed(two.registry, new GroupFeed.Listener() {
            @Override
            public void onPublication(String group, Publication publication) {
                if (count[0]++ == at && mutation != Mutation.NONE) {
                    if (mutation == Mutation.SWAP) {
                        held.add(publication);
                    }
                    return;
                }
                replica.onPublication(publication);
                held.forEach(replica::onPublication);
                held.clear();
            }

            @Override
            public void onReset(String group, dev.muster.registry.Position position, Slice.Completeness why) {
                replica.reload();
            }

            @Override
            public void onMembersReset(String group) {}
        });
        two.taps.add(feed::onPublication);
        get(feed.watch(SpaceKeys.group("world")));
        get(replica.call(replica::open));
        return replica;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    @DisplayName("a replica that drops or swaps one publication is found out")
    void mutants(int at) {
        for (Mutation mutation : Mutation.values()) {
            Replica replica = mutant(mutation, at);
            Mirror mirror = mirror(replica);
            // Each of these publications matters: 0 and 1, 2 and 3, 4 and 5, and one behind all that ends the wait.
            for (int i = 0; i < 3; i++) {
                get(one.world.spawn(new Name("a" + i)));
            }
            get(one.world.spawn());
            get(replica.fence());
            Map<Entity, Map<String, String>> truth = Mirror.of(one.registry, "world");
            String differences = Mirror.differences(mirror.now(replica), truth);
            assertThat(differences == null)
                    .as("%s of %s: %s", mutation, at, differences)
                    .isEqualTo(mutation == Mutation.NONE);
            replica.close();
            two.taps.clear();
            clear();
        }
    }

    private void clear() {
        List<Entity> all = new ArrayList<>();
        get(one.world.query(replica -> {
            replica.forEach(entity -> all.add(entity.entity()));
            return all;
        }));
        all.forEach(entity -> get(one.world.despawn(entity)));
    }
}

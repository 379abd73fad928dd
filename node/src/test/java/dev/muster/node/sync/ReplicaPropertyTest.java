package dev.muster.node.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Position;
import dev.muster.registry.RegistryException;
import dev.muster.registry.mock.Faults;
import dev.muster.registry.mock.InMemoryCluster;
import dev.muster.registry.mock.Restart;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is changed and whatever goes wrong: at rest, every replica and all who listened to it have what the registry has. */
class ReplicaPropertyTest {

    private static Vertx vertx;

    @BeforeContainer
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterContainer
    static void close() {
        TestNode.get(vertx.close());
    }

    /** One course of events; all that is random comes from its seed. */
    private static final class Course implements AutoCloseable {
        private final Random random;
        private final InMemoryCluster cluster = InMemoryCluster.create(vertx);
        private final List<TestNode> nodes = new ArrayList<>();
        private final List<ReplicaUse> uses = new ArrayList<>();
        private final List<Mirror> mirrors = new ArrayList<>();
        private final List<Entity> known = new CopyOnWriteArrayList<>();
        private final List<Future<?>> changes = new ArrayList<>();

        Course(long seed) {
            random = new Random(seed);
            known.add(new Entity(7));
            for (int i = 0; i < 2; i++) {
                TestNode node = new TestNode(vertx, cluster, "n" + i);
                nodes.add(node);
                listen(node);
            }
        }

        private void listen(TestNode node) {
            ReplicaUse use = TestNode.get(node.spaces.open(Sync.WORLD));
            Mirror mirror = new Mirror();
            TestNode.get(use.replica().call(() -> {
                use.replica().forEach(entity -> {
                    mirror.onSpawned(entity);
                    entity.components().forEach(each -> mirror.onSet(entity, each, true));
                });
                use.replica().listen(mirror);
                return Future.succeededFuture();
            }));
            uses.add(use);
            mirrors.add(mirror);
        }

        private Entity any() {
            return known.get(random.nextInt(known.size()));
        }

        private Record anything() {
            return random.nextBoolean()
                    ? new Name("n" + random.nextInt(1000))
                    : new Position(random.nextInt(100), random.nextInt(100), 0);
        }

        void change() {
            Space space = nodes.get(random.nextInt(nodes.size())).world;
            switch (random.nextInt(9)) {
                case 0, 1 ->
                    changes.add(space.spawn(new Name("new"), new Position(random.nextInt(9), 0, 0))
                            .onSuccess(known::add));
                case 2, 3 -> changes.add(space.set(any(), anything()));
                case 4 -> changes.add(space.set(any(), anything(), random.nextInt(50)));
                case 5 -> changes.add(space.patch(any(), Position.class, p -> new Position(p.x() + 1, p.y(), p.z())));
                case 6 -> changes.add(space.remove(any(), random.nextBoolean() ? Name.class : Position.class));
                case 7 -> changes.add(space.despawn(any()));
                default -> {
                    SpaceBatch batch = space.batch();
                    known.add(batch.entity(new Name("of a batch")));
                    batch.set(any(), anything());
                    changes.add(batch.run());
                }
            }
        }

        void settle() {
            // Each change ends within its time, done or with one of the failures that there are.
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                nodes.forEach(TestNode::tick);
                return changes.stream().allMatch(Future::isComplete);
            });
            for (Future<?> change : changes) {
                if (change.failed()) {
                    assertThat(change.cause()).isInstanceOf(SyncException.class);
                }
            }
            changes.clear();
        }

        void rest() {
            cluster.disturb(null);
            settle();
            // Right after a restart of the backend a node may not have found it again yet.
            await().atMost(Duration.ofSeconds(20))
                    .ignoreException(RegistryException.class)
                    .untilAsserted(() -> {
                        nodes.forEach(node -> {
                            node.spaces.checkAll();
                            node.tick();
                        });
                        Map<Entity, Map<String, String>> truth = Mirror.of(nodes.get(0).registry, Sync.WORLD);
                        for (int i = 0; i < nodes.size(); i++) {
                            Mirror.Both both = mirrors.get(i).now(uses.get(i).replica());
                            assertThat(Mirror.differences(both, truth)).isNull();
                        }
                    });
        }

        @Override
        public void close() {
            nodes.forEach(TestNode::close);
        }
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void replicasOfTwoNodesAgreeWhateverHappensToDeliveries(@ForAll long seed) {
        try (Course course = new Course(seed)) {
            course.cluster.disturb(Faults.seeded(seed)
                    .dropping(0.1)
                    .duplicating(0.1)
                    .reordering(0.2)
                    .delaying(Duration.ofMillis(5)));
            for (int i = 0; i < 120; i++) {
                course.change();
                if (course.random.nextInt(60) == 0) {
                    course.cluster.breakLink("n" + course.random.nextInt(2));
                }
                if (course.random.nextInt(30) == 0) {
                    course.settle();
                }
            }
            course.rest();
        }
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void replicasOfTwoNodesAgreeWhateverTheRegistryLoses(@ForAll long seed) {
        try (Course course = new Course(seed)) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 30; i++) {
                    course.change();
                }
                if (course.random.nextBoolean()) {
                    course.settle();
                }
                course.cluster.checkpoint();
                for (int i = 0; i < 10; i++) {
                    course.change();
                }
                course.cluster.stop();
                course.cluster.start(Restart.values()[course.random.nextInt(Restart.values().length)]);
                course.settle();
            }
            course.rest();
        }
    }

    @Property(tries = 5, shrinking = ShrinkingMode.OFF)
    void replicasOfTwoNodesAgreeWhateverOperationsComeTo(@ForAll long seed) {
        try (Course course = new Course(seed)) {
            course.cluster.disturb(Faults.seeded(seed)
                    .refusing(0.1)
                    .hanging(0.02, 0.02)
                    .slowing(Duration.ofMillis(2))
                    .dropping(0.05));
            for (int i = 0; i < 80; i++) {
                course.change();
            }
            course.rest();
        }
    }
}

package dev.muster.node.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.Node;
import dev.muster.node.sync.ComponentState;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.component.EntityControl;
import dev.muster.node.sync.component.ExternalId;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Parent;
import dev.muster.node.sync.component.Position;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The demo's world, in a space in memory. */
class DemoWorldTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final AtomicBoolean watched = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private Vertx vertx;
    private Node node;
    private Space space;
    private DemoWorld world;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        node = get(Node.builder()
                .registry("memory")
                .option("cluster", "demo-" + UUID.randomUUID())
                .nodeId("n1")
                .port(0)
                .vertx(vertx)
                .start());
        space = node.space("world");
        world = get(DemoWorld.start(vertx, space, Map.of("n1", "http://127.0.0.1:1"), () -> {
            asked.incrementAndGet();
            return watched.get();
        }));
    }

    @AfterEach
    void stop() throws Exception {
        world.stop();
        get(node.close());
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private Map<Entity, Long> revisions() throws Exception {
        return get(space.query(replica -> {
            Map<Entity, Long> found = new HashMap<>();
            replica.forEach("Position", each -> found.put(each.entity().entity(), each.revision()));
            return found;
        }));
    }

    /** Until all but this one have moved so many times, or all. */
    private void awaitMoves(int times, Entity but) throws Exception {
        for (int i = 0; i < times; i++) {
            Map<Entity, Long> before = revisions();
            await("everybody moves").atMost(LONG).until(() -> {
                Map<Entity, Long> now = revisions();
                return before.keySet().stream()
                        .allMatch(entity -> entity.equals(but) || now.getOrDefault(entity, 0L) > before.get(entity));
            });
        }
    }

    @Test
    @DisplayName("everything has a name, a parent that is there and a place, and nodes have an address")
    void contents() throws Exception {
        assertThat(revisions()).hasSize(8 * 32);
        List<String> addresses = get(space.query(replica -> {
            List<String> found = new ArrayList<>();
            replica.forEach("Position", each -> {
                assertThat(each.entity().component(Name.class)).isNotNull();
                Parent parent = each.entity().component(Parent.class);
                assertThat(parent).isNotNull();
                assertThat(replica.find(parent.parent())).isNotNull();
            });
            replica.forEach("ExternalId", each -> found.add(id(each)));
            return found;
        }));
        assertThat(addresses).containsExactly("http://127.0.0.1:1");
    }

    private static String id(ComponentState each) {
        return each.as(ExternalId.class).id();
    }

    @Test
    @DisplayName("while nobody looks nothing moves, and when somebody does everything does")
    void idle() throws Exception {
        Map<Entity, Long> before = revisions();
        int already = asked.get();
        await("it looks whether anybody looks").atMost(LONG).until(() -> asked.get() > already + 4);
        assertThat(revisions()).isEqualTo(before);
        watched.set(true);
        awaitMoves(1, Entity.NEW);
    }

    @Test
    @DisplayName("what somebody holds stays where they put it, and goes on from there when they let go")
    void held() throws Exception {
        watched.set(true);
        Entity held = revisions().keySet().iterator().next();
        get(space.set(held, new EntityControl("somebody", 1, 1)));
        // A step that was under way may still move it once.
        awaitMoves(2, held);
        long put = get(space.set(held, new Position(500, 400, 0)));
        awaitMoves(3, held);
        assertThat(revisions().get(held)).isEqualTo(put);

        List<Position> after = new CopyOnWriteArrayList<>();
        get(space.watch(
                Position.class,
                new Listener<>(
                        (entity, place) -> {
                            if (entity.equals(held)) {
                                after.add(place);
                            }
                        },
                        entity -> {})));
        get(space.remove(held, EntityControl.class));
        await("it goes on").atMost(LONG).until(() -> after.size() > 1);
        assertThat(after.get(0)).isEqualTo(new Position(500, 400, 0));
        assertThat(Math.hypot(after.get(1).x() - 500, after.get(1).y() - 400)).isLessThan(60 * 0.3 + 0.05);
    }

    @Test
    @DisplayName("what is despawned is gone, and the others go on")
    void despawned() throws Exception {
        watched.set(true);
        Entity gone = revisions().keySet().iterator().next();
        get(space.despawn(gone));
        awaitMoves(2, gone);
        assertThat(revisions()).hasSize(8 * 32 - 1).doesNotContainKey(gone);
    }
}

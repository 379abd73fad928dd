package dev.muster.node.sync.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.Spaces;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.SyncSettings;
import dev.muster.node.sync.component.EntityControl;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Parent;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.mock.InMemoryCluster;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who has an entity, and for how long. The seconds pass when the test says so. */
class ControlsTest {

    private static final long SECOND = 1_000_000_000L;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong nanos = new AtomicLong();
    private final TextWire wire = new TextWire();
    private final ListedConnection connection = new ListedConnection("ann");
    private ConnectionRegistry registry;
    private SyncClients clients;
    private Space world;
    private SyncSession ann;
    private long ids;

    @BeforeEach
    void start() throws Exception {
        registry = InMemoryCluster.create(vertx).registry(RegistryContext.of(vertx, "test", "n", Map.of()));
        Spaces spaces = new Spaces(registry, Sync.DEFAULT, vertx, SyncSettings.DEFAULT, nanos::get, 7L << 30);
        RegistryListener listener = (RegistryListener) Proxy.newProxyInstance(
                RegistryListener.class.getClassLoader(),
                new Class<?>[] {RegistryListener.class},
                (self, method, args) -> {
                    if (method.getName().equals("onPublication")) {
                        spaces.onRegistry((String) args[0], (Publication) args[1]);
                    }
                    return null;
                });
        get(registry.start(listener));
        clients = new SyncClients(spaces, registry, true, nanos::get, Clock.systemUTC());
        world = spaces.space(Sync.WORLD);
        ann = get(clients.open(connection, wire, null));
    }

    @AfterEach
    void stop() throws Exception {
        get(registry.close());
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private String ask(Request request, long id) {
        ann.take(request);
        String start = "requestId=" + id + ",";
        await().until(() -> connection.got.stream().anyMatch(frame -> frame.contains(start)));
        return connection.got.stream()
                .filter(frame -> frame.contains(start))
                .findFirst()
                .orElseThrow();
    }

    private String take(Entity entity) {
        return ask(new Request.Take(++ids, entity), ids);
    }

    private String rename(Entity entity) {
        Request.Edit edit = new Request.Edit.Value(Buffer.buffer("{\"name\":\"n\"}"), null);
        return ask(new Request.Mutate(++ids, entity, "Name", edit), ids);
    }

    private boolean isHeld(Entity entity) throws Exception {
        return get(world.read(entity, EntityControl.class)).isPresent();
    }

    /** Time passes, and the node looks what is due; when the answer comes, it has looked. */
    private void pass(long seconds) {
        nanos.addAndGet(seconds * SECOND);
        clients.tick();
        ask(new Request.Release(++ids, new Entity(17)), ids);
    }

    @Test
    @DisplayName("what its holder does not use for 30 seconds is free, with the children that came along")
    void idle() throws Exception {
        Entity ship = get(world.spawn(new Name("ship")));
        Entity sail = get(world.spawn(new Parent(ship)));
        assertThat(take(ship)).contains("TAKEN");
        assertThat(isHeld(sail)).isTrue();
        pass(29);
        assertThat(isHeld(ship)).isTrue();
        assertThat(rename(sail)).contains("status=OK");
        pass(29);
        assertThat(isHeld(ship)).isTrue();
        assertThat(take(ship)).contains("TAKEN");
        pass(29);
        assertThat(isHeld(ship)).isTrue();
        pass(1);
        await().until(() -> !isHeld(ship) && !isHeld(sail));
    }

    @Test
    @DisplayName("what somebody holds who is nowhere keeps nobody out for long")
    void ghosts() throws Exception {
        Entity ship = get(world.spawn(new Name("ship"), new EntityControl("ghost", 1, 0)));
        Entity boat = get(world.spawn(new Name("boat"), new EntityControl("ghost", 1, 0)));
        assertThat(rename(boat)).contains("FORBIDDEN", "controlled by client 1");
        assertThat(take(ship)).contains("TAKEN");
        clients.nodeDown(NodeId.fresh("other"));
        await().until(() -> !isHeld(boat));
        assertThat(rename(boat)).contains("status=OK");
        assertThat(isHeld(ship)).isTrue();
    }

    @Test
    @DisplayName("what was held on a node that is down is free, though the registry may not have removed all of it")
    void down() throws Exception {
        get(registry.register(
                new ConnectionRecord("far", registry.self(), "websocket", null, null, "Far", Instant.EPOCH)));
        Entity ship = get(world.spawn(new Name("ship"), new EntityControl("far", 1, 0)));
        clients.nodeDown(NodeId.fresh("other"));
        assertThat(take(ship)).contains("ALREADY_CONTROLLED");
        clients.nodeDown(registry.self());
        await().until(() -> !isHeld(ship));
    }

    @Test
    @DisplayName("who goes while it takes leaves nothing held")
    void gone() throws Exception {
        Entity ship = get(world.spawn(new Name("ship")));
        Entity sail = get(world.spawn(new Parent(ship)));
        ann.take(new Request.Take(1L, ship));
        ann.close();
        await().until(() -> !isHeld(ship) && !isHeld(sail));
        ListedConnection other = new ListedConnection("bob");
        SyncSession bob = get(clients.open(other, wire, null));
        bob.take(new Request.Take(2L, ship));
        await().until(() -> other.got.stream().anyMatch(frame -> frame.contains("TAKEN")));
        bob.close();
        await().until(() -> !isHeld(ship) && !isHeld(sail));
    }

    @Test
    @DisplayName("a child that somebody else has stays theirs")
    void children() throws Exception {
        Entity ship = get(world.spawn(new Name("ship")));
        Entity boat = get(world.spawn(new Parent(ship)));
        Entity oar = get(world.spawn(new Parent(boat)));
        ListedConnection other = new ListedConnection("bob");
        SyncSession bob = get(clients.open(other, wire, null));
        bob.take(new Request.Take(2L, boat));
        await().until(() -> other.got.stream().anyMatch(frame -> frame.contains("TAKEN")));
        assertThat(take(ship)).contains("TAKEN");
        assertThat(get(world.read(boat, EntityControl.class)).orElseThrow().holder())
                .isEqualTo("bob");
        assertThat(get(world.read(oar, EntityControl.class)).orElseThrow().holder())
                .isEqualTo("bob");
        assertThat(rename(oar)).contains("FORBIDDEN");
        assertThat(ask(new Request.Release(++ids, ship), ids)).contains("RELEASED");
        assertThat(isHeld(ship)).isFalse();
        assertThat(isHeld(boat)).isTrue();
    }
}

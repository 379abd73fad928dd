package dev.muster.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.Interception;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Position;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.mock.InMemoryCluster;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions in the registry that nobody may be holding. Time passes when a test says so. */
class LeftoversTest {

    private static final Duration TTL = Duration.ofMinutes(1);
    /** When a leftover that was seen at 0 may go. */
    private static final long ENOUGH = TTL.plusSeconds(5).toNanos();

    private final Vertx vertx = Vertx.vertx();
    private final InMemoryCluster cluster = InMemoryCluster.create(vertx);
    private final ConnectionRegistry here = node("here");
    private final ConnectionRegistry there = node("there");
    private final SessionStore store = new SessionStore(here);
    private final Leftovers leftovers = new Leftovers(here, store, TTL, Set.of("held")::contains);

    private ConnectionRegistry node(String name) {
        ConnectionRegistry registry = cluster.registry(RegistryContext.of(vertx, "test", name, Map.of()));
        // Sessions are kept where nobody listens.
        registry.start(Interception.of(RegistryListener.class, (event, what) -> null))
                .await();
        return registry;
    }

    @AfterEach
    void stop() {
        here.close().await();
        there.close().await();
        vertx.close().await();
    }

    private static SessionState ownedBy(String node) {
        return new SessionState("hash", null, "relay", "lobby", 1, node, true, 0, new Position("epoch", 0), 0);
    }

    private void put(String id, String node) {
        store.put(id, ownedBy(node), null).await();
    }

    private boolean isThere(String id) {
        return store.load(id).await() != null;
    }

    private void passAt(long nanos) {
        leftovers.pass(nanos).await();
    }

    @Test
    @DisplayName("what a dead node left goes when its client had its time, and not before")
    void deadNode() {
        put("lost", "a-node-that-died");
        passAt(0);
        passAt(ENOUGH - 1);
        assertThat(isThere("lost")).isTrue();
        passAt(ENOUGH);
        assertThat(isThere("lost")).isFalse();
    }

    @Test
    @DisplayName("what another node that is up, or this one, holds is left alone")
    void held() {
        put("theirs", there.self().toString());
        put("held", here.self().toString());
        passAt(0);
        passAt(ENOUGH);
        assertThat(isThere("theirs")).isTrue();
        assertThat(isThere("held")).isTrue();
    }

    @Test
    @DisplayName("what this node took over for a client that went away meanwhile goes as well")
    void takenForNobody() {
        put("abandoned", here.self().toString());
        passAt(0);
        passAt(ENOUGH);
        assertThat(isThere("abandoned")).isFalse();
    }

    @Test
    @DisplayName("a client that comes back has its time anew")
    void cameBack() {
        put("lost", "a-node-that-died");
        passAt(0);
        SessionStore.Stored found = store.load("lost").await();
        assertThat(found).isNotNull();
        store.put("lost", ownedBy("another-that-died"), found.revision()).await();
        passAt(ENOUGH);
        assertThat(isThere("lost")).isTrue();
        passAt(2 * ENOUGH);
        assertThat(isThere("lost")).isFalse();
    }
}

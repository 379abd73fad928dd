package dev.muster.registry.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedClustersTest {

    private final Vertx vertx = Vertx.vertx();
    private final String namespace = UUID.randomUUID().toString();

    @AfterEach
    void closeVertx() {
        done(vertx.close());
    }

    private static <T> T done(Future<T> future) {
        await().until(future::isComplete);
        return future.await();
    }

    private static RegistryProvider provider() {
        return ServiceLoader.load(RegistryProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(each -> each.aliases().contains("mock"))
                .findFirst()
                .orElseThrow();
    }

    private ConnectionRegistry node(String name, String namespace) {
        return provider().create(RegistryContext.of(vertx, namespace, name, Map.of()));
    }

    @Test
    void nodesOfOneNamespaceInOneProcessAreACluster() {
        ConnectionRegistry one = node("n1", namespace);
        ConnectionRegistry two = node("n2", namespace);
        RecordingListener heard = new RecordingListener();
        done(one.start(new RecordingListener()));
        done(two.start(heard));
        assertThat(one.nodes()).containsExactlyInAnyOrder(one.self(), two.self());

        done(two.watch("room"));
        done(one.register(record("c1", one.self())));
        done(one.join("c1", "room", GroupPolicy.DEFAULT));
        done(one.publish("room", Draft.text("c1", "hello"), GroupPolicy.DEFAULT));

        await().until(() -> heard.publications().size() == 2);
        assertThat(heard.publications()).extracting(Publication::kind).containsExactly(Kind.JOINED, Kind.MESSAGE);
        assertThat(heard.publications().get(1).payload().toString()).isEqualTo("hello");
        done(one.close());
        await().until(() -> heard.publications().size() == 3);
        done(two.close());
        assertThat(heard.publications()).extracting(Publication::kind).endsWith(Kind.LEFT);
    }

    @Test
    void theClusterGoesWithItsLastNode() {
        ConnectionRegistry one = node("n1", namespace);
        ConnectionRegistry two = node("n2", namespace);
        done(one.start(new RecordingListener()));
        done(two.start(new RecordingListener()));
        done(one.register(record("c1", one.self())));

        done(one.close());
        done(one.close());
        assertThat(SharedClusters.exists(namespace)).isTrue();
        done(two.close());
        assertThat(SharedClusters.exists(namespace)).isFalse();
    }

    @Test
    void aRegistryThatWasNeverStartedLeavesTooWhenClosed() {
        ConnectionRegistry one = node("n1", namespace);
        assertThat(SharedClusters.exists(namespace)).isTrue();
        done(one.close());
        assertThat(SharedClusters.exists(namespace)).isFalse();
    }

    @Test
    void aNodeWhoseVertxIsClosedHasDied() {
        Vertx gone = Vertx.vertx();
        ConnectionRegistry one = node("n1", namespace);
        ConnectionRegistry two = provider().create(RegistryContext.of(gone, namespace, "n2", Map.of()));
        done(one.start(new RecordingListener()));
        done(two.start(new RecordingListener()));
        done(two.register(record("c1", two.self())));
        done(gone.close());

        assertThat(done(one.locate("c1"))).as("until its lease ends").isPresent();
        ConnectionRegistry again = node("n2", namespace);
        done(again.start(new RecordingListener()));
        assertThat(one.nodes()).containsExactlyInAnyOrder(one.self(), again.self());
        done(one.close());
        done(again.close());
        assertThat(SharedClusters.exists(namespace)).isFalse();
    }

    @Test
    void aClusterOfOnesOwnIsKnownToNobodyElse() {
        InMemoryCluster cluster = InMemoryCluster.create(vertx);
        RegistryContext context = RegistryContext.of(vertx, namespace, "n1", Map.of());
        ConnectionRegistry own = cluster.provider().create(context);
        done(own.start(new RecordingListener()));
        assertThat(cluster.runs("n1")).isTrue();
        assertThat(SharedClusters.exists(namespace)).isFalse();
        done(own.close());
        assertThat(cluster.runs("n1")).isFalse();
    }

    @Test
    void namespacesAreClustersOfTheirOwn() {
        ConnectionRegistry here = node("n1", namespace);
        ConnectionRegistry elsewhere = node("n1", namespace + ".2");
        done(here.start(new RecordingListener()));
        done(elsewhere.start(new RecordingListener()));
        done(here.register(record("c1", here.self())));
        assertThat(done(elsewhere.locate("c1"))).isEmpty();
        assertThat(elsewhere.nodes()).containsExactly(elsewhere.self());
        done(here.close());
        done(elsewhere.close());
    }

    static ConnectionRecord record(String connectionId, NodeId node) {
        return new ConnectionRecord(connectionId, node, "websocket", null, null, connectionId, Instant.EPOCH);
    }
}

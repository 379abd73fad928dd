package dev.muster.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.tck.RegistryFixture;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ends while the server answers, and refuses to write. */
class DepartureTest {

    private RedisServer server;
    private TestNode node;

    @BeforeEach
    void start() {
        server = new RedisServer();
        // Long enough that the node never has to come in again.
        node = new TestNode(
                        "ns",
                        "n1",
                        Map.of(RedisSettings.URL, server.url()),
                        RegistryFixture.SHORT.withLease(Duration.ofSeconds(10)))
                .start();
    }

    @AfterEach
    void stop() {
        node.close();
        server.close();
    }

    private void replicasWanted(int count) {
        try (RedisClient client = server.client()) {
            client.call("CONFIG", "SET", "min-replicas-to-write", Integer.toString(count));
        }
    }

    private List<String> members(String group) {
        return TestNode.done(node.registry().members(group, null, 10)).items().stream()
                .map(ConnectionRecord::connectionId)
                .toList();
    }

    @Test
    void what_could_not_be_ended_then_is_ended_later() {
        node.join("goes", "room");
        node.join("leaves", "room");
        node.join("returns", "room");
        node.join("stays", "room");
        replicasWanted(1);
        Future<Boolean> gone = node.registry().unregister("goes");
        Future<Boolean> left = node.registry().leave("leaves", "room");
        Future<Boolean> away = node.registry().leave("returns", "room");
        TestNode.failure(gone);
        TestNode.failure(left);
        TestNode.failure(away);
        replicasWanted(0);
        TestNode.done(node.registry().join("returns", "room", GroupPolicy.DEFAULT));

        TestNode.await("they are gone", () -> members("room").size() == 2);
        assertThat(members("room")).containsExactlyInAnyOrder("returns", "stays");
        assertThat(TestNode.done(node.registry().locate("goes"))).isEmpty();
        assertThat(TestNode.done(node.registry().connectionCount())).isEqualTo(3);
        assertThat(node.count("unavailable")).isZero();
    }
}

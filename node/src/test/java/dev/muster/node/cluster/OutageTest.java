package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.Node;
import dev.muster.node.NodeBuilder;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The registry goes and comes back, and the sockets stay. */
class OutageTest {

    private static boolean saysCode(String frame, String code) {
        return frame.startsWith("{") && code.equals(new JsonObject(frame).getString("code"));
    }

    @Test
    @DisplayName("without the registry a message is answered with an error in time; with it again all works by itself")
    void redisRestarts() {
        try (Redis redis = new Redis();
                Cluster cluster = new Cluster(
                        new Backend.Share() {
                            @Override
                            public NodeBuilder node(String id) {
                                return Backend.builder("outage", "redis", id).option("redis", redis.url());
                            }

                            @Override
                            public void close() {}
                        },
                        2,
                        UnaryOperator.identity())) {
            Client left = cluster.relay(0, "lobby");
            Client right = cluster.relay(1, "lobby");
            Client chat = cluster.chat(0, "lobby");
            chat.frames(2);
            left.say("before");
            right.awaitFrame("before");

            redis.stop();
            await().until(() -> cluster.nodes.stream().noneMatch(Node::isReady));
            long asked = System.nanoTime();
            left.say("during");
            await().until(() -> left.got.stream().anyMatch(frame -> saysCode(frame, "registry_unavailable")));
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));
            chat.say("during");
            chat.awaitFrame("! the message was not accepted, say it again later");
            assertThat(left.isClosed() || right.isClosed() || chat.isClosed()).isFalse();
            assertThat(cluster.open(0, "/ws/lobby", null).closeCode()).isEqualTo(4005);

            redis.start();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.nodes.stream().allMatch(Node::isReady));
            // Each node's feed is past the break then: what is said before may be what is missing.
            for (Client each : List.of(left, right)) {
                await().until(() -> each.got.stream().anyMatch(frame -> saysCode(frame, "insufficient_state")));
            }
            left.say("after");
            right.awaitFrame("after");
            chat.awaitFrame("[WS-" + id(chat) + "]: after");
            assertThat(chat.got).noneMatch(line -> line.contains("left the room"));
            assertThat(chat.got)
                    .filteredOn(line -> line.contains("joined the room"))
                    .hasSize(1);
            // Redis came back empty: that something may be missing is said, not passed over.
            assertThat(right.got).anyMatch(frame -> saysCode(frame, "insufficient_state"));
            assertThat(Client.get(cluster.node(0).groupCount("lobby"))).isEqualTo(3);
        }
    }

    /** Who said what the chat heard before the outage. */
    private static String id(Client chat) {
        String line = chat.got.stream()
                .filter(frame -> frame.endsWith("]: before"))
                .findAny()
                .orElseThrow();
        return line.substring("[WS-".length(), line.indexOf(']'));
    }
}

package dev.muster.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the registry makes of the server's keys: where they lie, and how much room they take. */
class KeyspaceTest {

    /**
     * A server in cluster mode, though alone, refuses a script that touches keys of two slots. So this is what keeps
     * the way to a cluster open.
     */
    @Test
    void every_script_keeps_to_the_keys_of_one_slot() {
        try (RedisServer server = new RedisServer("--cluster-enabled", "yes")) {
            try (RedisClient client = server.client()) {
                client.call("CLUSTER", "ADDSLOTSRANGE", 0, 16383);
                TestNode.await(
                        "the cluster of one is up",
                        () -> client.text("CLUSTER", "INFO").contains("cluster_state:ok"));
            }
            try (RedisClient client = server.client()) {
                String crossing = "#!lua\nreturn {redis.call('GET', KEYS[1]), redis.call('GET', '{b}x')}";
                assertThatThrownBy(() -> client.call("EVAL", crossing, 1, "{a}x"))
                        .as("the server notices")
                        .hasMessageContaining("same slot");
            }
            Map<String, String> options = Map.of(RedisSettings.URL, server.url(), RedisSettings.BUCKETS, "8");
            try (TestNode one = new TestNode("ns", "n1", options).start();
                    TestNode two = new TestNode("ns", "n2", options).start()) {
                for (int i = 0; i < 40; i++) {
                    String group = "room {a}" + i;
                    two.watch(group);
                    one.join("c" + i, group);
                    TestNode.done(one.registry()
                            .publish(
                                    group,
                                    Draft.put("k", Buffer.buffer("v")).withMessageId("id"),
                                    GroupPolicy.DEFAULT));
                    two.settle(group, one);
                    assertThat(TestNode.done(two.registry().groupsOf("c" + i))).containsExactly(group);
                    assertThat(TestNode.done(two.registry().send("c" + i, Buffer.buffer("x"))))
                            .isTrue();
                }
                assertThat(TestNode.done(two.registry().connectionCount())).isEqualTo(40);
                assertThat(TestNode.done(two.registry().connectionsOf("user of c7")))
                        .hasSize(1);
                try (RedisClient client = server.client()) {
                    for (String key : client.list("KEYS", "*")) {
                        assertThat(key).matches("(?s)\\{ns:[0-7]}[a-z].*");
                    }
                }
                TestNode.done(one.registry().unregister("c0"));
            }
        }
    }

    /** The budget: 1.6 KB for a group of two, everything that belongs to its connections included. */
    @Test
    void a_group_of_two_is_small() {
        int groups = 1_000;
        try (RedisServer server = new RedisServer();
                TestNode node = new TestNode("muster", "node-1", Map.of(RedisSettings.URL, server.url())).start();
                RedisClient client = server.client()) {
            GroupPolicy silent = GroupPolicy.DEFAULT.withPresence(Presence.OFF);
            fill(node, silent, 0, groups);
            long before = used(client);
            fill(node, silent, groups, 3 * groups);
            long each = (used(client) - before) / (2 * groups);

            assertThat(each).isBetween(500L, 1_600L);
        }
    }

    private static void fill(TestNode node, GroupPolicy policy, int from, int to) {
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 2 * from; i < 2 * to; i++) {
            // As long as the node's own ids.
            String id = String.format("c%025d", i);
            ConnectionRecord record = node.record(id);
            calls.add(node.registry()
                    .register(new ConnectionRecord(
                            id, record.node(), "websocket", "user-" + i, null, "Somebody " + i, record.connectedAt())));
            calls.add(node.registry().join(id, "room-" + i / 2, policy));
            TestNode.inPortions(calls);
        }
        calls.forEach(TestNode::done);
    }

    private static long used(RedisClient client) {
        return client.text("INFO", "memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length())))
                .sum();
    }
}

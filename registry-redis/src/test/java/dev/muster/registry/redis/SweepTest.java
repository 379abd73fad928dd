package dev.muster.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Page;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is left of nodes that held more than fits one page of a scan: nothing (R20, R25). */
class SweepTest {

    /** More than twice what a scan looks at before it answers with an empty page. */
    private static final int CONNECTIONS = 5_000;

    private static TestNode node(RedisServer server, String name) {
        return new TestNode("ns", name, Map.of(RedisSettings.URL, server.url())).start();
    }

    private static void fill(TestNode node) {
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            calls.add(node.registry().register(node.record("c" + i)));
            calls.add(node.registry().join("c" + i, "room" + i % 10, GroupPolicy.DEFAULT));
            TestNode.inPortions(calls);
        }
        calls.forEach(TestNode::done);
    }

    private static void assertNothingLeft(TestNode other) {
        TestNode.await(
                "the last connection is gone",
                () -> TestNode.done(other.registry().connectionCount()) == 0);
        assertThat(TestNode.done(other.registry().groups(null))).isEqualTo(new Page<>(List.of(), null));
        assertThat(TestNode.done(other.registry().connectionsOf("user of c1"))).isEmpty();
    }

    @Test
    void a_node_that_dies_is_swept_to_the_last() {
        try (RedisServer server = new RedisServer();
                TestNode other = node(server, "n2")) {
            TestNode dying = node(server, "n1");
            fill(dying);
            dying.crash();
            assertNothingLeft(other);
            TestNode.await("it is down", () -> other.told.contains("down n1"));
        }
    }

    @Test
    void a_node_that_leaves_takes_everything_with_it() {
        try (RedisServer server = new RedisServer();
                TestNode other = node(server, "n2")) {
            try (TestNode leaving = node(server, "n1")) {
                fill(leaving);
            }
            assertNothingLeft(other);
        }
    }
}

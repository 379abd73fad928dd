package dev.muster.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Page;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.tck.RegistryFixture;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults that only this registry's server can have. */
@Timeout(60)
class FaultsTest {

    private RedisServer server;
    private final List<TestNode> nodes = new ArrayList<>();

    @BeforeEach
    void startServer() {
        server = new RedisServer();
    }

    @AfterEach
    void stopAll() {
        try {
            nodes.forEach(TestNode::close);
        } finally {
            server.close();
        }
    }

    private TestNode node(String name) {
        return node(name, server.url());
    }

    private TestNode node(String name, String url) {
        TestNode node = new TestNode("ns", name, Map.of(RedisSettings.URL, url));
        nodes.add(node);
        return node.start();
    }

    private void admin(Object... command) {
        try (RedisClient client = server.client()) {
            client.call(command);
        }
    }

    private static long members(TestNode node, String group) {
        return TestNode.done(node.registry().memberCount(group));
    }

    private static List<String> texts(String group, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> group + " m" + i).toList();
    }

    /** F11 without a restart: somebody empties the server under the feet of the nodes. */
    @Test
    void flushall_is_noticed_and_everything_that_is_held_is_restored() {
        TestNode one = node("n1");
        TestNode two = node("n2");
        one.watch("room");
        two.watch("room");
        one.join("c1", "room");
        two.join("c2", "room");
        one.settle("room", two);
        admin("FLUSHALL");
        TestNode.await("both are back", () -> one.count("recovered") == 1 && two.count("recovered") == 1);

        TestNode.await("both members", () -> members(one, "room") == 2 && members(two, "room") == 2);
        assertThat(TestNode.done(one.registry().connectionCount())).isEqualTo(2);
        TestNode.await("both feeds", () -> one.count("reset room") == 1 && two.count("reset room") == 1);
        one.settle("room", two);
        assertThat(one.fed).doesNotContain("room LEFT c1", "room LEFT c2");
        assertThat(one.count("unavailable")).isEqualTo(1);
        assertThat(one.count("down") + two.count("down")).isZero();
    }

    /** F25: the server forgets the scripts while publishes are on their way. */
    @Test
    void script_flush_fails_no_publish_and_changes_no_order() {
        TestNode one = node("n1");
        one.watch("room");
        List<Future<Published>> published = publishesWhileScriptsAreLost(one);
        long last = 0;
        for (Future<Published> each : published) {
            assertThat(TestNode.done(each).position().offset()).isEqualTo(++last);
        }
        one.settle("room", one);

        assertThat(one.fed).isEqualTo(texts("room", 0, 400));
        assertThat(one.told).doesNotContain("unavailable");
    }

    /** Another node loads the scripts for its own sake: what was refused before is behind what came through then. */
    @Test
    void script_flush_beside_another_node_changes_no_order() {
        TestNode one = node("n1");
        TestNode two = node("n2");
        two.watch("room");
        List<Future<Published>> published = publishesWhileScriptsAreLost(one);
        List<String> accepted = new ArrayList<>();
        long last = 0;
        for (int i = 0; i < published.size(); i++) {
            Future<Published> each = published.get(i);
            TestNode.await("its end", each::isComplete);
            if (each.succeeded()) {
                assertThat(each.result().position().offset()).isEqualTo(++last);
                accepted.addAll(texts("room", i, i + 1));
            } else {
                assertThat(TestNode.failure(each)).hasMessage("Redis had lost its scripts");
            }
        }
        two.settle("room", one);

        assertThat(two.fed).isEqualTo(accepted).hasSizeGreaterThan(200);
        assertThat(one.told).doesNotContain("unavailable");
    }

    private List<Future<Published>> publishesWhileScriptsAreLost(TestNode node) {
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            if (i % 40 == 20) {
                admin("SCRIPT", "FLUSH");
            }
            published.add(node.registry().publish("room", Draft.text(null, "m" + i), GroupPolicy.DEFAULT));
            if (i % 10 == 0) {
                TestNode.await("it came so far", published.get(i)::isComplete);
            }
        }
        return published;
    }

    /** F16: the subscriber connection is open, but nothing comes over it any more. */
    @Test
    void a_subscriber_connection_that_stands_still_is_found_by_the_canary_and_the_gap_is_closed() {
        try (LossyProxy proxy = new LossyProxy(server.port())) {
            TestNode one = node("n1");
            TestNode two = node("n2", proxy.url());
            two.watch("room");
            one.say("room", "m0");
            Set<String> given = new LinkedHashSet<>(ids("n2", RedisConnector.SUBSCRIBER));
            proxy.stallSubscribers(true);
            for (int i = 1; i < 20; i++) {
                one.say("room", "m" + i);
            }
            // What is published while nobody could notice is still read at the latest by comparing positions.
            TestNode.await("the feed has all", () -> two.fed.equals(texts("room", 0, 20)));
            // Those that it makes in its place stand still as well, and are given up in their turn.
            TestNode.await("the registry gives the connection up, and two more", () -> {
                given.addAll(ids("n2", RedisConnector.SUBSCRIBER));
                return given.size() > 3;
            });
            proxy.stallSubscribers(false);
            TestNode.await("a new connection", () -> two.count("link replaced") >= 1);
            one.say("room", "m20");
            TestNode.await("it brings the next", () -> two.fed.equals(texts("room", 0, 21)));
            assertThat(two.told).containsOnlyOnce("link replaced").doesNotContain("unavailable");
            TestNode.await(
                    "one is left", () -> ids("n2", RedisConnector.SUBSCRIBER).size() == 1);
        }
    }

    /** F15, F17: whatever moment of coming in again the other connection breaks in, both come back. */
    @Test
    void both_connections_cut_one_after_the_other_come_back() {
        TestNode one = node("n1");
        TestNode two = node("n2");
        two.watch("room");
        for (int apart = 0; apart < 20; apart++) {
            int times = apart + 1;
            kill(ids("n2", RedisConnector.COMMANDS));
            passes(apart);
            kill(ids("n2", RedisConnector.SUBSCRIBER));
            TestNode.await("it is back", () -> two.count("recovered") == times);
            TestNode.await(
                    "with both",
                    () -> ids("n2", RedisConnector.COMMANDS).size() == 1
                            && ids("n2", RedisConnector.SUBSCRIBER).size() == 1);
            two.settle("room", one);
        }
    }

    private void kill(List<String> ids) {
        ids.forEach(id -> admin("CLIENT", "KILL", "ID", id));
    }

    /** A node's connections of one kind, by the ids the server gave them. */
    private List<String> ids(String node, String purpose) {
        String name = "name=" + RedisConnector.clientName(node, purpose) + " ";
        try (RedisClient client = server.client()) {
            return client.text("CLIENT", "LIST")
                    .lines()
                    .filter(line -> line.contains(name))
                    .map(line -> line.replaceAll("^id=(\\d+) .*", "$1"))
                    .toList();
        }
    }

    /** F17: the command connection is cut in the middle of the work. */
    @Test
    void a_cut_command_connection_shows_nobody_as_left() {
        TestNode one = node("n1");
        TestNode two = node("n2");
        one.watch("room");
        two.join("c2", "room");
        kill(ids("n2", RedisConnector.COMMANDS));
        TestNode.await("it is back", () -> two.count("recovered") == 1);

        assertThat(two.told).containsSubsequence("unavailable", "recovered");
        one.settle("room", two);
        assertThat(one.fed).containsExactly("room JOINED c2");
        assertThat(members(one, "room")).isEqualTo(1);
    }

    /** F19: nothing is delivered that was not stored, and whoever leaves can leave. */
    @Test
    void a_full_server_refuses_what_needs_memory_and_delivers_none_of_it() {
        TestNode one = node("n1");
        one.watch("room");
        one.join("c1", "room");
        one.settle("room", one);
        int heard = one.raw.size();
        admin("CONFIG", "SET", "maxmemory", "1mb");

        RegistryException full =
                TestNode.failure(one.registry().publish("room", Draft.text(null, "too much"), GroupPolicy.DEFAULT));
        assertThat(full.reason()).isEqualTo(Reason.FULL);
        assertThat(full).hasMessageContaining("maxmemory");
        assertThat(TestNode.failure(one.registry().register(one.record("c2"))).reason())
                .isEqualTo(Reason.FULL);
        assertThat(TestNode.failure(one.registry().join("c1", "other", GroupPolicy.DEFAULT))
                        .reason())
                .isEqualTo(Reason.FULL);
        // Longer than a lease: the heartbeats go on.
        passes(RegistryFixture.SHORT.lease().toMillis() * 2);
        assertThat(one.told).doesNotContain("unavailable");
        assertThat(TestNode.done(one.registry().leave("c1", "room"))).isTrue();
        assertThat(members(one, "room")).isZero();
        TestNode.await("LEFT", () -> one.raw.size() == heard + 1);

        admin("CONFIG", "SET", "maxmemory", "0");
        one.settle("room", one);
        assertThat(one.fed).containsExactly("room JOINED c1", "room LEFT c1");
    }

    private static void passes(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        TestNode.await("the time passes", () -> System.nanoTime() - until > 0);
    }

    /** K01, K02: anybody who may publish on the server can send anything. */
    @Test
    void garbage_on_the_channels_is_dropped() {
        TestNode one = node("n1");
        one.watch("room");
        one.say("room", "before");
        RedisKeys keys = new RedisKeys("ns", 1);
        List<String> channels = List.of(
                keys.channel("room"),
                keys.broadcastChannel(),
                keys.channel(one.registry().self()));
        List<byte[]> garbage = new ArrayList<>(List.of(
                new byte[0],
                new byte[] {0},
                new byte[] {99, 1, 2},
                new byte[] {Frames.ENTRY},
                new byte[] {Frames.ENTRIES, 0x7f, -1, -1, -1, 1},
                new byte[] {Frames.ENTRIES, -1, -1, -1, -1, 1},
                new byte[] {Frames.ENTRIES, 0, 0, 0, 0},
                new byte[] {Frames.SEND, 50, 1},
                new byte[] {Frames.FAST, 0, 0, 0, 0, 0, 0},
                new byte[] {Frames.JOINED, 1, 2, 3},
                "{\"type\":\"message\"".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                new byte[1 << 20]));
        byte[] forged = new byte[60];
        forged[0] = Frames.ENTRY;
        forged[19] = 100;
        garbage.add(forged);
        for (String channel : channels) {
            garbage.forEach(bytes -> admin("PUBLISH", channel, bytes));
        }
        one.settle("room", one);

        assertThat(one.fed).containsExactly("room before");
        assertThat(one.told).isEmpty();
        assertThat(TestNode.done(one.registry().publishAll(Draft.text(null, "x").asFast())))
                .isNull();
        TestNode.await("broadcasts still come", () -> one.told.equals(List.of("broadcast x")));
    }

    /** F22: the server became somebody's replica. */
    @Test
    void a_read_only_server_is_full_and_serves_again_when_it_is_promoted() {
        TestNode one = node("n1");
        one.watch("room");
        one.join("c1", "room");
        try (RedisServer other = new RedisServer()) {
            // A master that never answers leaves the data in place.
            other.pause();
            admin("REPLICAOF", "127.0.0.1", other.port());
            Future<Published> publish = one.registry().publish("room", Draft.text(null, "x"), GroupPolicy.DEFAULT);
            assertThat(TestNode.failure(publish).reason()).isEqualTo(Reason.FULL);
            admin("REPLICAOF", "NO", "ONE");
            other.resume();
        }
        TestNode.await("it serves", () -> one.say("room", "again") != null);
        one.settle("room", one);
        assertThat(one.fed).contains("room again").doesNotContain("room x", "room LEFT c1");
    }

    /** R10: somebody else's data under our names is an error, not a crash; other groups are not harmed. */
    @Test
    void a_key_of_another_type_fails_what_needs_it_and_nothing_else() {
        TestNode one = node("n1");
        one.watch("room");
        admin("LPUSH", new RedisKeys("ns", 1).meta("taken"), "x");
        Future<Published> bad = one.registry().publish("taken", Draft.text(null, "x"), GroupPolicy.DEFAULT);
        Future<Published> good = one.registry().publish("room", Draft.text(null, "y"), GroupPolicy.DEFAULT);

        assertThat(TestNode.failure(bad).reason()).isEqualTo(Reason.REJECTED);
        assertThat(TestNode.done(good).position().offset()).isEqualTo(1);
    }

    /** More members than are sorted at once, so that the group has an index of their order. */
    @Test
    void a_large_group_lists_its_members_in_the_order_they_joined() {
        TestNode one = node("n1");
        TestNode two = node("n2");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            TestNode by = i % 2 == 0 ? one : two;
            by.join("c" + i, "room");
            expected.add("c" + i);
            if (i == 400) {
                assertThat(list(one, "room", 97)).isEqualTo(expected);
            }
        }
        for (int i = 0; i < 700; i += 7) {
            TestNode by = i % 2 == 0 ? one : two;
            TestNode.done(by.registry().leave("c" + i, "room"));
            expected.remove("c" + i);
        }
        assertThat(list(two, "room", 1000)).isEqualTo(expected);
        assertThat(list(two, "room", 256)).isEqualTo(expected);
    }

    private static List<String> list(TestNode node, String group, int limit) {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            Page<ConnectionRecord> page = TestNode.done(node.registry().members(group, cursor, limit));
            page.items().forEach(record -> ids.add(record.connectionId()));
            cursor = page.next();
        } while (cursor != null);
        return ids;
    }

    /** R22 at size: what a node holds comes back in portions. */
    @Test
    void thousands_of_memberships_are_restored_after_a_loss() {
        TestNode one = node("n1");
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            calls.add(one.registry().register(one.record("c" + i)));
            calls.add(one.registry().join("c" + i, "room" + i % 50, GroupPolicy.DEFAULT));
            calls.add(one.registry().join("c" + i, "all", GroupPolicy.DEFAULT));
            TestNode.inPortions(calls);
        }
        calls.forEach(TestNode::done);
        server.restart(dev.muster.registry.tck.Backend.Restart.LOSE);
        TestNode.await("it is back", () -> one.count("recovered") == 1);

        assertThat(members(one, "all")).isEqualTo(2_000);
        for (int i = 0; i < 50; i++) {
            assertThat(members(one, "room" + i)).isEqualTo(40);
        }
        assertThat(TestNode.done(one.registry().connectionCount())).isEqualTo(2_000);
        assertThat(one.count("members reset")).isEqualTo(51);
    }

    /** R19 at size, and payloads that are no text. */
    @Test
    void bytes_reach_their_connection_unchanged() {
        TestNode one = node("n1");
        TestNode two = node("n2");
        two.join("c2", "room");
        assertThat(TestNode.done(one.registry().send("c2", Buffer.buffer("hello"))))
                .isTrue();
        assertThat(TestNode.done(one.registry().send("c3", Buffer.buffer("hello"))))
                .isFalse();
        TestNode.await("they come", () -> two.told.contains("send c2 hello"));
        NodeId holder = TestNode.done(one.registry().locate("c2")).orElseThrow().node();
        assertThat(holder).isEqualTo(two.registry().self());
    }
}

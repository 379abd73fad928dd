package dev.muster.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers that will not do, and what is said of them. */
class RefusalsTest {

    private RedisServer server;

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private static RegistryException start(Map<String, String> options) {
        try (TestNode node = new TestNode("refusals", "n1", options)) {
            RegistryException failure = TestNode.failure(node.registry().start(node));
            // A refused registry stays so.
            if (failure.reason() == Reason.REJECTED) {
                assertThat(TestNode.failure(node.registry().connectionCount()).reason())
                        .isEqualTo(Reason.REJECTED);
            }
            return failure;
        }
    }

    private RegistryException startWith(String url) {
        return start(Map.of(RedisSettings.URL, url));
    }

    @Test
    void a_wrong_password_is_refused_without_being_shown() {
        server = new RedisServer("--requirepass", "right");
        RegistryException failure = startWith("redis://:s3cret@127.0.0.1:" + server.port());

        assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
        assertThat(failure).hasMessageContaining("WRONGPASS");
        assertThat(failure.toString()).doesNotContain("s3cret");
    }

    @Test
    void a_missing_password_is_refused() {
        server = new RedisServer("--requirepass", "right");
        RegistryException failure = startWith(server.url());

        assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
        assertThat(failure).hasMessageContaining("NOAUTH");
    }

    @Test
    void the_right_password_lets_in() {
        server = new RedisServer("--requirepass", "right");
        try (TestNode node = new TestNode(
                        "ns", "n1", Map.of(RedisSettings.URL, server.url(), RedisSettings.PASSWORD, "right"))
                .start()) {
            assertThat(node.registry().nodes()).containsExactly(node.registry().self());
        }
    }

    @Test
    void a_user_who_may_do_what_the_documentation_lists_gets_in_and_one_without_channels_does_not() {
        server = new RedisServer();
        // The commands of docs/registry-redis.md.
        String commands = "resetkeys ~{acl:* -@all +hello +select +info +config|get +eval +evalsha +script|load"
                + " +publish +subscribe +unsubscribe +@string +@hash +@list +@set +@sortedset +del +exists +pexpire"
                + " +persist +rename +time";
        try (RedisClient client = server.client()) {
            client.call((Object[]) ("ACL SETUSER muster on >pw resetchannels &{acl:* " + commands).split(" "));
            client.call((Object[]) ("ACL SETUSER deaf on >pw resetchannels " + commands).split(" "));
        }
        try (TestNode node = new TestNode(
                        "acl", "n1", Map.of(RedisSettings.URL, "redis://muster:pw@127.0.0.1:" + server.port()))
                .start()) {
            node.watch("room");
            node.join("c1", "room");
            TestNode.done(node.registry().connectionsOf("user of c1"));
            TestNode.done(node.registry().groups(null));
            TestNode.done(node.registry()
                    .publish("room", Draft.put("key", Buffer.buffer("1")).withMessageId("id"), GroupPolicy.DEFAULT));
            TestNode.done(node.registry().snapshot("room", null));
            node.settle("room", node);
            TestNode.done(node.registry().leave("c1", "room"));
            node.settle("room", node);
            assertThat(node.fed).containsExactly("room JOINED c1", "room 1", "room LEFT c1");
        }
        try (TestNode node =
                new TestNode("acl", "n2", Map.of(RedisSettings.URL, "redis://deaf:pw@127.0.0.1:" + server.port()))) {
            RegistryException failure = TestNode.failure(node.registry().start(node));
            assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
            assertThat(failure).hasMessageContaining("NOPERM").hasMessageContaining("channel");
        }
    }

    @Test
    void a_server_that_evicts_keys_is_refused() {
        server = new RedisServer("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        RegistryException failure = startWith(server.url());

        assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
        assertThat(failure).hasMessageContaining("noeviction").hasMessageContaining("allkeys-lru");
    }

    @Test
    void an_old_server_is_refused_with_its_version() throws Exception {
        try (FakeServer old = new FakeServer("6.2.14")) {
            RegistryException failure = startWith("redis://127.0.0.1:" + old.port());

            assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
            assertThat(failure).hasMessage("Redis must be version 7.0 or later, but this is 6.2.14");
        }
    }

    @Test
    void a_server_that_is_not_there_is_unavailable() {
        server = new RedisServer();
        server.stop();
        RegistryException failure = startWith(server.url());

        assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        server.start(dev.muster.registry.tck.Backend.Restart.KEEP);
    }

    @Test
    void a_server_that_speaks_something_else_is_unavailable() throws Exception {
        try (FakeServer http = new FakeServer(null)) {
            RegistryException failure = startWith("redis://127.0.0.1:" + http.port());

            assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        }
    }

    @Test
    void two_live_nodes_cannot_have_one_name() {
        server = new RedisServer();
        Map<String, String> options = Map.of(RedisSettings.URL, server.url());
        try (TestNode first = new TestNode("ns", "n1", options).start();
                TestNode elsewhere = new TestNode("other", "n1", options).start();
                TestNode second = new TestNode("ns", "n1", options)) {
            RegistryException failure = TestNode.failure(second.registry().start(second));

            assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
            assertThat(failure)
                    .hasMessageContaining(
                            "node id in use by " + first.registry().self());
            first.join("c1", "room");
            assertThat(elsewhere.registry().nodes()).hasSize(1);
        }
    }

    @Test
    void a_namespace_keeps_its_number_of_buckets() {
        server = new RedisServer();
        try (TestNode first = new TestNode(
                                "ns", "n1", Map.of(RedisSettings.URL, server.url(), RedisSettings.BUCKETS, "4"))
                        .start();
                TestNode second = new TestNode("ns", "n2", Map.of(RedisSettings.URL, server.url())).start();
                TestNode third =
                        new TestNode("ns", "n3", Map.of(RedisSettings.URL, server.url(), RedisSettings.BUCKETS, "8"))) {
            first.join("c1", "room");
            assertThat(TestNode.done(second.registry().memberCount("room"))).isEqualTo(1);
            RegistryException failure = TestNode.failure(third.registry().start(third));
            assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
            assertThat(failure).hasMessageContaining("the namespace ns has 4 buckets");
        }
    }
}

package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.auth.TokenMint;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens, roles, their end, and limits, over real sockets. */
class AccessTest {

    private static final String SECRET = "7c0b9f2e4d6a48c1b3e5f7a9d1c3e5f7";

    private Cluster cluster;

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private void start(Backend backend, int nodes) {
        cluster = new Cluster(
                backend, nodes, node -> node.option("jwt-secret", SECRET).option("ops-port", "0"));
    }

    private static String token(String user, Duration lifetime, String... roles) {
        return new TokenMint(user, user.toUpperCase(), null, Set.copyOf(Arrays.asList(roles)), lifetime, null, null)
                .mint(SECRET, Instant.now());
    }

    private static String token(String user, String... roles) {
        return token(user, Duration.ofHours(1), roles);
    }

    private int refused(String path, String token) {
        try {
            cluster.open(0, path, token).close();
            return 101;
        } catch (UpgradeRejectedException rejected) {
            return rejected.getStatus();
        }
    }

    private HttpResponse<String> admin(int node, String path, String body) {
        int port = cluster.node(node).opsPort().getAsInt();
        return cluster.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> get(String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + cluster.node(0).port() + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return cluster.send(request.build());
    }

    @Test
    @DisplayName("with a key nobody comes in without a token, but to the echo; the query must agree with it")
    void oneRule() {
        start(Backend.MEMORY, 1);
        String token = token("alice");
        for (String path : new String[] {"/ws/lobby", "/ws/chat/lobby", "/ws/packet"}) {
            assertThat(refused(path, null)).as(path).isEqualTo(401);
            assertThat(refused(path + "?user_id=alice", null)).as(path).isEqualTo(401);
            assertThat(refused(path, "valid-token")).as(path).isEqualTo(401);
            assertThat(refused(path, token)).as(path).isEqualTo(101);
            assertThat(refused(path + "?auth_token=" + token, null)).as(path).isEqualTo(101);
        }
        assertThat(refused("/ws/simple", null)).isEqualTo(101);
        assertThat(refused("/ws/lobby?user_id=alice", token)).isEqualTo(101);
        assertThat(refused("/ws/lobby?user_id=bob", token)).isEqualTo(401);
        Client member = cluster.open(0, "/ws/chat/lobby", token);
        member.awaitFrame("Welcome ALICE to lobby!");
    }

    @Test
    @DisplayName("roles say where one may go, and where one may speak")
    void rooms() {
        start(Backend.MEMORY, 1);
        String reader = token("reader", "join:news*");
        assertThat(refused("/ws/lobby", reader)).isEqualTo(403);
        Client listening = cluster.open(0, "/ws/news-de", reader);
        listening.hello();
        Client writing = cluster.open(0, "/ws/news-de", token("writer", "join:*", "send:news-de"));
        writing.hello();
        listening.say("hello");
        assertThat(new JsonObject(listening.frames(1).get(0)).getString("code")).isEqualTo("forbidden");
        writing.say("news");
        assertThat(listening.frames(2).get(1)).isEqualTo("news");
        assertThat(writing.got).isEmpty();
    }

    @Test
    @DisplayName("figures and lists of people are for those who may, health is for all, and the ops port asks nobody")
    void figures() {
        start(Backend.MEMORY, 1);
        for (String path : new String[] {"/metrics", "/ws/stats", "/ws/lobby/stats", "/api/rooms/lobby/stats"}) {
            assertThat(get(path, null).statusCode()).as(path).isEqualTo(401);
            assertThat(get(path, token("alice")).statusCode()).as(path).isEqualTo(403);
            assertThat(get(path, token("alice", "stats")).statusCode()).as(path).isEqualTo(200);
            assertThat(get(path, token("alice", "admin")).statusCode()).as(path).isEqualTo(200);
            int ops = cluster.node(0).opsPort().getAsInt();
            assertThat(cluster.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ops + path))
                                    .build())
                            .statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        for (String path : new String[] {"/health", "/ready", "/api/health", "/"}) {
            assertThat(get(path, null).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("a token that ends is announced, a newer one goes on, and without it the connection ends: 4009")
    void expiry() {
        start(Backend.MEMORY, 1);
        Client stays = cluster.open(0, "/ws/lobby", token("alice", Duration.ofSeconds(8)));
        stays.hello();
        Client goes = cluster.open(0, "/ws/lobby", token("bob", Duration.ofSeconds(8)));
        goes.hello();
        JsonObject notice = new JsonObject(stays.frames(1).get(0));
        assertThat(notice.getString("code")).isEqualTo("token_expiring");
        assertThat(notice.getInteger("expiresInMs")).isBetween(1, 8_000);
        stays.say(auth(token("bob")));
        assertThat(new JsonObject(stays.frames(2).get(1)).getString("code")).isEqualTo("forbidden");
        stays.say(auth("x.y.z"));
        assertThat(new JsonObject(stays.frames(3).get(2)).getString("message")).contains("malformed_token");
        stays.say(auth(token("alice")));
        JsonObject taken = new JsonObject(stays.frames(4).get(3));
        assertThat(taken.getString("type")).isEqualTo("AUTH");
        assertThat(taken.getLong("expiresAt")).isGreaterThan(System.currentTimeMillis() + 3_000_000);
        assertThat(goes.closeCode()).isEqualTo(4009);
        assertThat(goes.got).as("no token reached anybody").hasSize(1);
        stays.say("x");
        cluster.open(0, "/ws/lobby", token("carol")).say("still there?");
        stays.awaitFrame("still there?");
    }

    @Test
    @DisplayName("the same on the events wire, in its own form")
    void expiryOnEvents() {
        start(Backend.MEMORY, 1);
        Client stays = cluster.open(0, "/ws?events=all", token("alice", Duration.ofSeconds(8)));
        stays.hello();
        Client goes = cluster.open(0, "/ws", token("bob", Duration.ofSeconds(8)));
        goes.hello();
        // Both have a name in their tokens: the first is told that it came, and that the second did.
        assertThat(channel(goes, 0)).isEqualTo("server.error");
        assertThat(error(goes, 0).getString("code")).isEqualTo("token_expiring");
        stays.awaitMatch("token_expiring").awaitMatch("\"username\":\"BOB\"");
        int told = stays.got.size();
        stays.say(auth(token("bob")))
                .say(auth("x.y.z"))
                .say("{\"type\":\"AUTH\"}")
                .say(auth(token("alice")));
        await().until(() -> stays.got.size() == told + 4);
        assertThat(error(stays, told).getString("code")).isEqualTo("forbidden");
        assertThat(error(stays, told + 1).getString("message")).contains("malformed_token");
        assertThat(error(stays, told + 2).getString("code")).isEqualTo("invalid_message");
        JsonObject taken = new JsonObject(stays.got.get(told + 3));
        assertThat(taken.getString("type")).isEqualTo("AUTH");
        assertThat(taken.getLong("expiresAt")).isGreaterThan(System.currentTimeMillis() + 3_000_000);
        assertThat(goes.closeCode()).isEqualTo(4009);
        stays.say("{\"type\":\"publish\",\"channel\":\"client.message\",\"payload\":{\"message\":\"still here\"}}");
        stays.awaitMatch("\"from\":\"ALICE\",\"message\":\"still here\"");
        assertThat(stays.got).noneMatch(frame -> frame.contains("x.y.z"));
    }

    private static String channel(Client client, int index) {
        await().until(() -> client.got.size() > index);
        return new JsonObject(client.got.get(index)).getString("channel");
    }

    private static JsonObject error(Client client, int index) {
        assertThat(channel(client, index)).isEqualTo("server.error");
        return new JsonObject(client.got.get(index)).getJsonObject("payload");
    }

    private static String auth(String token) {
        return new JsonObject().put("type", "AUTH").put("token", token).encode();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("what is taken back on one node ends connections on all, and nobody comes back with it")
    void revocation(Backend backend) {
        start(backend, 2);
        String token = token("alice");
        Client here = cluster.open(0, "/ws/lobby", token);
        here.hello();
        Client there = cluster.open(1, "/ws/chat/lobby", token);
        Client other = cluster.open(1, "/ws/lobby", token("bob"));
        other.hello();
        HttpResponse<String> answer = admin(0, "/admin/revoke", "{\"user\":\"alice\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        long asked = System.nanoTime();
        assertThat(here.closeCode()).isEqualTo(4505);
        assertThat(there.closeCode()).isEqualTo(4505);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));
        assertThat(refused("/ws/lobby", token)).isEqualTo(401);
        assertThat(other.isClosed()).isFalse();
        String body = "{\"token_id\":\"" + id(token("bob")) + "\"}";
        assertThat(admin(1, "/admin/revoke", body).statusCode()).isEqualTo(200);
        assertThat(other.isClosed()).as("another token of the same user").isFalse();
    }

    private static String id(String token) {
        String payload = token.split("\\.")[1];
        return new JsonObject(new String(java.util.Base64.getUrlDecoder().decode(payload))).getString("jti");
    }

    @Test
    @DisplayName("what cannot be revoked is refused and says what is allowed")
    void badRevocations() {
        start(Backend.MEMORY, 1);
        for (String body : new String[] {
            "",
            "[]",
            "{}",
            "{\"user\":\"\"}",
            "{\"user\":1}",
            "{\"user\":\"a\",\"token_id\":\"b\"}",
            "{\"user\":\"a\",\"user\":\"b\"}",
            "{\"token_id\":\"a\",\"issued_up_to\":1}",
            "{\"user\":\"a\",\"issued_up_to\":\"x\"}",
            "{\"users\":\"a\"}",
            "{\"user\":\"" + "x".repeat(129) + "\"}",
            "{"
        }) {
            assertThat(admin(0, "/admin/revoke", body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(admin(0, "/admin/revoke", "x".repeat(5_000)).statusCode()).isEqualTo(413);
        assertThat(admin(0, "/admin/nothing", "").statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("over the limit a client is told how long to wait, then closed with 4008; the others notice nothing")
    void messages() {
        cluster = new Cluster(Backend.MEMORY, 1, node -> node.option("limit-messages", "5/1"));
        Client flood = cluster.relay(0, "lobby");
        Client quiet = cluster.relay(0, "lobby");
        for (int i = 0; i < 6; i++) {
            // Without a wait for each: they are within one second.
            flood.sayIfOpen("m" + i);
        }
        JsonObject told = new JsonObject(flood.frames(1).get(0));
        assertThat(told.getString("code")).isEqualTo("rate_limited");
        assertThat(told.getInteger("retryAfterMs")).isBetween(1, 1_000);
        quiet.awaitFrame("m4");
        assertThat(quiet.got).containsExactly("m0", "m1", "m2", "m3", "m4");
        Client drowning = cluster.relay(0, "other");
        long began = System.nanoTime();
        while (!drowning.isClosed()) {
            drowning.sayIfOpen("more");
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
        assertThat(drowning.closeCode()).isEqualTo(4008);
        // Once a second at most, in the five seconds until it is closed; a busy machine skips one, or takes longer.
        int seconds = (int) Duration.ofNanos(System.nanoTime() - began).toSeconds();
        assertThat(drowning.got).hasSizeBetween(3, seconds + 2);
        assertThat(cluster.get(0, "/metrics").body()).isNotEmpty();
    }

    @Test
    @DisplayName("an event that is too many is refused by its id, so that its client can say it again")
    void events() {
        cluster = new Cluster(Backend.MEMORY, 1, node -> node.option("limit-messages", "3/60"));
        Client client = cluster.open(0, "/ws?events=all", null);
        client.hello();
        for (int i = 0; i < 4; i++) {
            client.say(new JsonObject()
                    .put("type", "publish")
                    .put("channel", "client.message")
                    .put("payload", new JsonObject().put("message", "m" + i))
                    .put("messageId", "id-" + i)
                    .encode());
        }
        client.awaitMatch("rate_limited");
        JsonObject error = client.got.stream()
                .map(JsonObject::new)
                .filter(frame -> frame.getString("channel").equals("server.error"))
                .findFirst()
                .orElseThrow()
                .getJsonObject("payload");
        assertThat(error.getString("code")).isEqualTo("rate_limited");
        assertThat(error.getString("messageId")).isEqualTo("id-3");
    }

    @Test
    @DisplayName("an address that connects too often is told when to come back")
    void connections() {
        cluster = new Cluster(
                Backend.MEMORY,
                1,
                node -> node.option("limit-connections", "3/60").option("limit-loopback", "true"));
        for (int i = 0; i < 3; i++) {
            cluster.relay(0, "lobby");
        }
        assertThat(refused("/ws/lobby", null)).isEqualTo(429);
        assertThat(refused("/ws/simple", null)).isEqualTo(429);
        assertThat(cluster.get(0, "/health").statusCode()).isEqualTo(200);
    }
}

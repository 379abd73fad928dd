package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who comes in where, and what the others are told. */
class AdmissionTest {

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = new Cluster(Backend.MEMORY, 1);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static JsonObject refusal(String path, String token, int status) {
        try {
            cluster.open(0, path, token);
        } catch (UpgradeRejectedException rejected) {
            assertThat(rejected.getStatus()).isEqualTo(status);
            JsonObject body = rejected.getBody().toJsonObject();
            assertThat(body.getInteger("status")).isEqualTo(status);
            return body;
        }
        throw new AssertionError("was let in at " + path);
    }

    @ParameterizedTest
    @CsvSource({
        "/ws/chat/lobby,",
        "/ws/chat/lobby,wrong",
        "/ws/chat/lobby?auth_token=wrong,",
        "/ws/chat/lobby?user_id=1,",
        "/ws/chat/lobby?access_token=,",
        "/ws/lobby,wrong",
        "/ws/lobby?access_token=wrong,",
        "/ws/lobby?access_token=valid-token&user_id=somebody,"
    })
    @DisplayName("no token where one is needed, or a wrong one anywhere: 401 before the upgrade")
    void unauthorized(String path, String token) {
        JsonObject body = refusal(path, token, 401);
        assertThat(body.getString("error")).isEqualTo("Unauthorized");
        assertThat(body.getString("message")).isEqualTo("unauthorized");
    }

    @Test
    @DisplayName("names that cannot be: 400 with what is allowed")
    void badNames() {
        for (String path : new String[] {
            "/ws/" + "x".repeat(256),
            "/ws/a%00b",
            "/ws/a%0Ab",
            "/ws/%E2%82",
            "/ws/",
            "/ws/chat/" + "%C3%A4".repeat(128) + "?auth_token=valid-token"
        }) {
            assertThat(refusal(path, null, 400).getJsonArray("details"))
                    .as(path)
                    .isNotEmpty();
        }
        String long129 = "i".repeat(129);
        JsonObject both = refusal("/ws/lobby?user_id=" + long129 + "&client_id=" + long129, null, 400);
        assertThat(both.getJsonArray("details")).hasSize(2);
    }

    @Test
    @DisplayName("ids as long as they may be come in, in any script, and come back as they are")
    void longIds() {
        String encoded = "%E6%BC%A2".repeat(128);
        Client client = cluster.open(0, "/ws/long?user_id=" + encoded + "&client_id=" + encoded, null);
        assertThat(client.hello().getString("client_id")).isEqualTo("\u6f22".repeat(128));
        Client other = cluster.relay(0, "long");
        other.say("hi");
        assertThat(client.frames(1)).containsExactly("hi");
        client.close();
    }

    @Test
    @DisplayName("names break neither the hello nor a chat message")
    void quoting() {
        String evil = "%22%5C%0A%7B%3C%2Fscript%3E%E2%80%A8";
        Client client = cluster.open(0, "/ws/quoting?user_id=" + evil + "&client_id=" + evil, null);
        JsonObject hello = client.hello();
        assertThat(hello.fieldNames()).containsExactlyInAnyOrder("type", "room_id", "client_id", "timestamp");
        assertThat(hello.getString("client_id")).isEqualTo("\"\\\n{</script>\u2028");
        assertThat(Math.abs(hello.getLong("timestamp") - System.currentTimeMillis() / 1000))
                .isLessThan(60);
        client.close();
    }

    @Test
    @DisplayName("a hello without a given client id has one of its own for each connection")
    void ownClientId() {
        String first = cluster.open(0, "/ws/ids", null).hello().getString("client_id");
        String second = cluster.open(0, "/ws/ids", null).hello().getString("client_id");
        assertThat(first).matches("[0-9a-f-]{36}").isNotEqualTo(second);
    }

    @Test
    @DisplayName("frames that only the server sends are refused, and the connection stays")
    void forbidden() {
        Client forger = cluster.relay(0, "forged");
        Client other = cluster.relay(0, "forged");
        for (String type : new String[] {"SERVER_HELLO", "ERROR", "MESSAGE", "ACK"}) {
            forger.say("{\"type\":\"" + type + "\"}");
        }
        forger.say("{\"deep\":" + "[".repeat(2000) + "]".repeat(2000) + "}").say("marker");
        assertThat(other.frames(1)).containsExactly("marker");
        assertThat(forger.frames(5))
                .allSatisfy(frame ->
                        assertThat(new JsonObject(frame).getString("type")).isEqualTo("ERROR"));
        assertThat(forger.got.stream().map(frame -> new JsonObject(frame).getString("code")))
                .containsExactly("forbidden", "forbidden", "forbidden", "forbidden", "invalid_message");
    }

    @Test
    @DisplayName("the echo says back text and wants nothing else, and no room hears of it")
    void echo() {
        Client client = cluster.open(0, "/ws/simple", null);
        client.say("hello").say(new byte[] {1}).say("");
        assertThat(client.frames(4))
                .containsExactly(
                        "Connected! Send me messages.",
                        "You said: hello",
                        "! this endpoint does not take frames of this kind",
                        "You said: ");
    }

    @Test
    @DisplayName("the names of endpoints are no rooms of the relay, but of the chat they are")
    void reserved() {
        refusal("/ws/chat", null, 404);
        refusal("/ws/stats", null, 400);
        refusal("/ws/lobby/stats", null, 400);
        assertThat(cluster.chat(0, "stats").frames(2)).startsWith("Welcome John Doe to stats!");
        assertThat(cluster.chat(0, "simple").frames(2)).startsWith("Welcome John Doe to simple!");
    }
}

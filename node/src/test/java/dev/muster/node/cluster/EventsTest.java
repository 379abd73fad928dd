package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Events as JSON, on two nodes. */
@ParameterizedClass(name = "{0}")
@EnumSource(Backend.class)
class EventsTest {

    @Parameter
    Backend backend;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(backend, 2);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Client events(int node, String query) {
        Client client = cluster.open(node, "/ws" + query, null);
        JsonObject info = client.hello();
        assertThat(info.getString("type")).isEqualTo("message");
        assertThat(info.getString("channel")).isEqualTo("server.info");
        assertThat(info.getJsonObject("payload").getString("serverId")).isEqualTo("n" + node);
        assertThat(info.getJsonObject("payload").getInteger("connectedClients")).isPositive();
        return client;
    }

    private static String publish(String channel, JsonObject payload) {
        return new JsonObject()
                .put("type", "publish")
                .put("channel", channel)
                .put("payload", payload)
                .encode();
    }

    private static String said(String message) {
        return publish("client.message", new JsonObject().put("message", message));
    }

    private static String called(String username) {
        return publish("client.setUsername", new JsonObject().put("username", username));
    }

    private static JsonObject event(Client client, int index) {
        await().until(() -> client.got.size() > index);
        return new JsonObject(client.got.get(index));
    }

    private static JsonObject payload(Client client, int index, String channel) {
        JsonObject event = event(client, index);
        assertThat(event.getString("channel")).isEqualTo(channel);
        assertThat(event.getString("messageId")).isNotEmpty();
        assertThat(event.getJsonObject("metadata").getString("eventName")).isEqualTo(channel);
        return event.getJsonObject("payload");
    }

    @Test
    @DisplayName("what one says all see, the sender too, in every protocol")
    void talk() {
        Client ann = events(0, "?events=all");
        Client bob = events(1, "?events=all&user_id=bob");
        // A user id is no name: nobody is told that bob came.
        Client chat = cluster.chat(1, "lobby");
        Client relay = cluster.relay(0, "lobby");
        chat.awaitFrame("John Doe joined the room");
        ann.say(said("h\u00e9llo \ud83d\ude00"));
        JsonObject seen = payload(ann, 1, "server.message");
        assertThat(seen.getString("from")).isEqualTo("Anonymous");
        assertThat(seen.getString("message")).isEqualTo("h\u00e9llo \ud83d\ude00");
        assertThat(seen.getLong("timestamp")).isPositive();
        assertThat(payload(bob, 1, "server.message")).isEqualTo(seen);
        await().until(() -> chat.got.size() == 3);
        assertThat(chat.got.get(2)).matches("\\[WS-[A-Za-z0-9_-]+]: h\u00e9llo \ud83d\ude00");
        assertThat(new JsonObject(relay.frames(1).get(0)).getString("text")).isEqualTo("h\u00e9llo \ud83d\ude00");
        relay.say("plain");
        chat.say("from chat");
        await().until(() -> bob.got.size() == 4);
        assertThat(List.of(payload(bob, 2, "server.message"), payload(bob, 3, "server.message")))
                .extracting(each -> each.getString("message"))
                .containsExactlyInAnyOrder("plain", "from chat");
        relay.say("{\"type\":\"POSITION\",\"x\":1}");
        bob.say(said("marker"));
        assertThat(payload(bob, 4, "server.message").getString("message")).isEqualTo("marker");
        assertThat(payload(bob, 4, "server.message").getString("from")).isEqualTo("bob");
    }

    @Test
    @DisplayName("who gives a name has joined, also for chat, and leaves under it")
    void names() {
        Client watcher = events(1, "?events=all");
        Client chat = cluster.chat(1, "lobby");
        chat.awaitFrame("John Doe joined the room");
        payload(watcher, 0, "server.userJoined");
        Client ann = events(0, "?events=all");
        ann.say(called("Ann"));
        assertThat(payload(watcher, 1, "server.userJoined").getString("username"))
                .isEqualTo("Ann");
        assertThat(payload(ann, 0, "server.userJoined").getString("username")).isEqualTo("Ann");
        ann.say(said("hi"));
        assertThat(payload(watcher, 2, "server.message").getString("from")).isEqualTo("Ann");
        chat.awaitFrame("Ann joined the room").awaitFrame("[Ann]: hi");
        ann.close();
        assertThat(payload(watcher, 3, "server.userLeft").getString("username")).isEqualTo("Ann");
        chat.awaitFrame("Ann left the room");
    }

    @Test
    @DisplayName("one gets what one subscribed to, under the name one used")
    void subscriptions() {
        Client quiet = events(0, "");
        Client old = events(0, "");
        Client beside = events(0, "?events=server.message");
        Client speaker = events(1, "?events=server.message");
        old.say("{\"type\":\"subscribe\",\"channel\":\"broadcast\"}")
                .say("{\"type\":\"subscribe\",\"channel\":\"nope\"}");
        JsonObject error = payload(old, 0, "server.error");
        assertThat(error.getString("code")).isEqualTo("invalid_message");
        assertThat(error.getJsonArray("issues").getJsonObject(0).getString("path"))
                .isEqualTo("channel");
        speaker.say(said("one"));
        assertThat(payload(speaker, 0, "server.message").getString("message")).isEqualTo("one");
        assertThat(payload(old, 1, "broadcast").getString("message")).isEqualTo("one");
        old.say("{\"type\":\"unsubscribe\",\"channel\":\"broadcast\"}").say("x");
        payload(old, 2, "server.error");
        speaker.say(said("two"));
        payload(speaker, 1, "server.message");
        // It has passed the other node as well.
        payload(beside, 1, "server.message");
        quiet.say("{\"channel\":\"server.message\",\"type\":\"subscribe\"}").say("x");
        payload(quiet, 0, "server.error");
        speaker.say(said("three"));
        assertThat(payload(quiet, 1, "server.message").getString("message")).isEqualTo("three");
        assertThat(old.got).hasSize(3);
        assertThat(cluster.get(0, "/ws/lobby/stats").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("what is wrong is answered, and nobody else sees it, on whichever node")
    void refused() {
        Client watcher = events(1, "?events=all");
        Client client = events(0, "");
        List<String> frames = List.of(
                "hello",
                "{}",
                "{\"type\":\"message\",\"channel\":\"server.message\",\"payload\":{}}",
                "{\"type\":\"publish\",\"channel\":\"client.message\",\"payload\":{}}");
        List<String> codes = List.of("bad_frame", "unknown_type", "forbidden", "invalid_message");
        for (int i = 0; i < frames.size(); i++) {
            client.say(frames.get(i));
            assertThat(payload(client, i, "server.error").getString("code")).isEqualTo(codes.get(i));
        }
        client.say(said("x".repeat(1000))).say(said("x".repeat(1001)));
        assertThat(payload(client, 4, "server.error").getString("code")).isEqualTo("invalid_message");
        assertThat(payload(watcher, 0, "server.message").getString("message")).hasSize(1000);
    }

    @Test
    @DisplayName("notifications go to all, or to one user on whichever node")
    void notifications() {
        Client ann = events(0, "?events=all&user_id=ann");
        Client bob = events(1, "?events=notification&user_id=bob&room=elsewhere");
        assertThat(notify("{\"message\":\"all\"}").body()).isEqualTo("{\"success\":true}");
        JsonObject seen = payload(ann, 0, "server.notification");
        assertThat(seen.getString("type")).isEqualTo("info");
        assertThat(seen.getString("title")).isEqualTo("Notification");
        assertThat(seen.getString("message")).isEqualTo("all");
        assertThat(payload(bob, 0, "notification").getString("id")).isEqualTo(seen.getString("id"));
        notify("{\"type\":\"warning\",\"title\":\"T\",\"message\":\"for bob\",\"targetUserId\":\"bob\"}");
        assertThat(payload(bob, 1, "notification").getString("message")).isEqualTo("for bob");
        notify("{\"message\":\"marker\"}");
        assertThat(payload(ann, 1, "server.notification").getString("message")).isEqualTo("marker");
        assertThat(notify("{\"message\":\"\",\"type\":\"loud\"}").statusCode()).isEqualTo(400);
        assertThat(notify("{\"type\":\"loud\",\"message\":\"x\"}").body()).contains("\"field\":\"type\"", "success");
        assertThat(notify("nonsense").statusCode()).isEqualTo(400);
        assertThat(notify("x".repeat(70_000)).statusCode()).isEqualTo(413);
        HttpResponse<String> got = cluster.get(0, "/api/notify");
        assertThat(got.statusCode()).isEqualTo(405);
        assertThat(got.headers().firstValue("Allow")).hasValue("POST");
        assertThat(cluster.json(0, "/api/health").getString("serverId")).isEqualTo("n0");
    }

    private HttpResponse<String> notify(String body) {
        return cluster.send(HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + cluster.node(0).port() + "/api/notify"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    @Test
    @DisplayName("bad queries are refused before the upgrade")
    void badQueries() {
        assertThat(cluster.get(0, "/ws").statusCode()).isEqualTo(400);
    }

    @Test
    @DisplayName("a client with an id says the same again and is heard once")
    void onceOnly() {
        Client one = events(0, "?client_id=tab-1");
        Client watcher = events(1, "?events=all");
        String frame = new JsonObject(said("hi")).put("messageId", "m-1").encode();
        one.say(frame);
        assertThat(event(watcher, 0).getJsonObject("metadata").getString("source"))
                .isEqualTo("m-1");
        one.close();
        Client again = events(1, "?client_id=tab-1");
        again.say(frame).say(said("next"));
        assertThat(payload(watcher, 1, "server.message").getString("message")).isEqualTo("next");
    }

    @Test
    @DisplayName("an id belongs to a client of a user, and to one message")
    void idsOfOthers() {
        Client watcher = events(1, "?events=all");
        Client ann = events(0, "?client_id=tab&user_id=ann");
        Client mallory = events(1, "?client_id=tab&user_id=mallory");
        Client nobody = events(1, "?events=all");
        mallory.say(said("hi", "m-1"));
        ann.say(said("hi", "m-1"));
        ann.say(said("something else", "m-1"));
        JsonObject error = payload(ann, 0, "server.error");
        assertThat(error.getString("code")).isEqualTo("invalid_message");
        assertThat(error.getString("messageId")).isEqualTo("m-1");
        assertThat(error.getJsonArray("issues").getJsonObject(0).getString("path"))
                .isEqualTo("messageId");
        // Without an id of its own a client cannot come back, so it is not taken for somebody who did.
        nobody.say(said("again", "m-1")).say(said("again", "m-1"));
        assertThat(messages(watcher, 4)).containsExactlyInAnyOrder("hi", "hi", "again", "again");
    }

    @Test
    @DisplayName(
            "who goes on with its session says again what may have been lost, under another name, and is heard once")
    void onceInSession() {
        Client watcher = events(1, "?events=server.message");
        Client first = cluster.open(0, "/ws?ack=true&events=server.message", null);
        String resume = first.hello().getJsonObject("payload").getString("resume");
        first.say(said("one", "m-1"));
        assertThat(messages(watcher, 1)).containsExactly("one");
        Client again = cluster.open(1, "/ws?ack=true&events=server.message&resume=" + resume, null);
        assertThat(again.hello().getJsonObject("payload").getBoolean("recovered"))
                .isTrue();
        again.awaitMatch("\\\\\"source\\\\\":\\\\\"m-1\\\\\"");
        again.say(called("Ann")).say(said("one", "m-1")).say(said("two", "m-2"));
        assertThat(messages(watcher, 2)).containsExactly("one", "two");
    }

    private static String said(String message, String id) {
        return new JsonObject(said(message)).put("messageId", id).encode();
    }

    private static List<String> messages(Client client, int count) {
        await().until(() -> client.got.size() >= count);
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < client.got.size(); i++) {
            messages.add(payload(client, i, "server.message").getString("message"));
        }
        return messages;
    }

    @Test
    @DisplayName("who acknowledges goes on at another node after a break, with all that was missed, once and in order")
    void resumed() {
        Client speaker = events(0, "?user_id=bob");
        Client first = cluster.open(0, "/ws?ack=true&events=all&user_id=ann", null);
        JsonObject info = first.hello().getJsonObject("payload");
        speaker.say(said("one"));
        first.awaitMatch("\"MESSAGE\".*one");
        JsonObject message = new JsonObject(first.got.get(first.got.size() - 1));
        assertThat(message.getString("contentType")).isEqualTo("json");
        assertThat(new JsonObject(message.getString("payload")).getString("channel"))
                .isEqualTo("server.message");
        first.say("{\"type\":\"ACK\",\"id\":" + message.getLong("id") + "}");
        for (int i = 0; i < 50; i++) {
            speaker.say(said("missed " + i));
        }
        Client again = cluster.open(1, "/ws?ack=true&events=all&user_id=ann&resume=" + info.getString("resume"), null);
        assertThat(again.hello().getJsonObject("payload").getBoolean("recovered"))
                .isTrue();
        speaker.say(said("last"));
        again.awaitMatch("\"MESSAGE\".*last");
        List<String> heard = again.got.stream()
                .map(JsonObject::new)
                .map(frame -> new JsonObject(frame.getString("payload")))
                .filter(event -> event.getString("channel").equals("server.message"))
                .map(event -> event.getJsonObject("payload").getString("message"))
                .filter(text -> !text.equals("one"))
                .toList();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            expected.add("missed " + i);
        }
        expected.add("last");
        assertThat(heard).isEqualTo(expected);

        // It came under one id and goes under another: none of the two stays behind.
        assertThat(cluster.metrics(1)).containsPattern("(?m)^muster_auth_connections(\\{.*})? 1(\\.0)?$");
        again.close();
        await().untilAsserted(() ->
                assertThat(cluster.metrics(1)).containsPattern("(?m)^muster_auth_connections(\\{.*})? 0(\\.0)?$"));
    }
}

package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.Node;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that acknowledge what they get lose nothing and get nothing twice, whatever becomes of their sockets. */
@ParameterizedClass
@EnumSource(Backend.class)
class SessionsAcrossNodesTest {

    private static final int NODES = 3;

    @Parameter
    Backend backend;

    Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(backend, NODES);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private int port(int node) {
        return cluster.node(node).port();
    }

    private AckClient relay(int node, String roomAndQuery) {
        return new AckClient("/ws/" + roomAndQuery + (roomAndQuery.contains("?") ? "&" : "?") + "ack=true", null)
                .connect(() -> port(node));
    }

    private AckClient chat(int node, String room) {
        return new AckClient("/ws/chat/" + room + "?ack=true", "valid-token").connect(() -> port(node));
    }

    private void say(String room, String text) {
        Client.get(cluster.node(0).sendToGroup(room, text));
    }

    @Test
    @DisplayName("messages are numbered from 1 and carry sender, content type and payload")
    void envelope() {
        AckClient client = relay(0, "lobby");
        JsonObject hello = client.hello();
        assertThat(hello.fieldNames())
                .containsExactlyInAnyOrder(
                        "type", "room_id", "client_id", "timestamp", "resume", "resumeTtl", "position");
        assertThat(hello.getLong("resumeTtl")).isEqualTo(30);

        Client other = cluster.relay(1, "lobby?user_id=ann");
        other.say("hi \"there\"\n🙂").say("{\"type\":\"MOVE\", \"x\":1}").say(new byte[] {0, -1});
        assertThat(client.taken(3)).containsExactly("hi \"there\"\n🙂", "{\"type\":\"MOVE\", \"x\":1}", "AP8=");
        assertThat(client.last()).isEqualTo(3);
    }

    @Test
    @DisplayName("a client that comes back to another node gets what it has not acknowledged, then what is new")
    void resumes() {
        AckClient client = relay(0, "lobby").acking(false);
        client.hello();
        say("lobby", "one");
        say("lobby", "two");
        say("lobby", "three");
        client.taken(3);
        client.ack(1);
        // The answer to this comes after the acknowledgement was taken.
        client.ack(99);
        assertThat(client.other().getString("code")).isEqualTo("invalid_message");
        client.cut();
        say("lobby", "four");
        client.acking(true);

        JsonObject hello = client.connectUntilGreeted(() -> port(1));
        say("lobby", "five");

        assertThat(hello.getBoolean("recovered")).isTrue();
        assertThat(client.taken(5)).containsExactly("one", "two", "three", "four", "five");
        assertThat(client.repeated()).isEqualTo(2);
        assertThat(client.gaps()).isZero();
    }

    @Test
    @DisplayName("the old socket of a session is closed with 4504, and nobody sees its client leave or come")
    void takeover() {
        Client watcher = cluster.chat(2, "lobby");
        watcher.frames(2);
        AckClient client = chat(0, "lobby");
        client.hello();
        watcher.frames(3);
        AckClient second = new AckClient(
                        "/ws/chat/lobby?ack=true&resume=" + client.hello().getString("resume"), "valid-token")
                .connect(() -> port(1));
        assertThat(second.hello().getBoolean("recovered")).isTrue();
        assertThat(client.closeCode()).isEqualTo(4504);
        watcher.say("after");
        assertThat(watcher.frames(4).get(3)).isEqualTo("[John Doe]: after");
        assertThat(Client.get(cluster.node(2).groupCount("lobby"))).isEqualTo(2);
    }

    @Test
    @DisplayName("of two that come back at once with one token, one wins")
    void concurrentResumes() {
        for (int round = 0; round < 20; round++) {
            String room = "lobby" + round;
            AckClient client = relay(0, room);
            String resume = client.hello().getString("resume");
            List<AckClient> both = List.of(
                    new AckClient("/ws/" + room + "?ack=true&resume=" + resume, null),
                    new AckClient("/ws/" + room + "?ack=true&resume=" + resume, null));
            IntStream.range(0, 2).parallel().forEach(i -> both.get(i).connect(() -> port(i + 1)));
            assertThat(client.closeCode()).isEqualTo(4504);
            say(room, "hello");
            await().atMost(AckClient.PATIENCE)
                    .until(() -> both.stream().anyMatch(each -> each.taken.contains("hello")));
            await().atMost(AckClient.PATIENCE).until(() -> both.stream().anyMatch(AckClient::isClosed));
            assertThat(both.stream().filter(AckClient::isClosed)).hasSize(1);
            assertThat(Client.get(cluster.node(0).groupCount(room))).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("a token of nobody, of another room or another user begins a new session and says so")
    void strangers() {
        AckClient client = new AckClient("/ws/lobby?ack=true&user_id=ann", null).connect(() -> port(0));
        String resume = client.hello().getString("resume");
        List<String> paths = List.of(
                "/ws/lobby?ack=true&user_id=bob&resume=" + resume,
                "/ws/elsewhere?ack=true&user_id=ann&resume=" + resume,
                "/ws/lobby?ack=true&user_id=ann&resume=" + resume.substring(0, resume.length() - 1) + "~",
                "/ws/lobby?ack=true&user_id=ann&resume="
                        + resume.replace(".", ".x").substring(0, resume.length()),
                "/ws/lobby?ack=true&user_id=ann&resume=x");
        for (String path : paths) {
            AckClient stranger = new AckClient(path, null).connect(() -> port(1));
            assertThat(stranger.hello().getBoolean("recovered")).as(path).isFalse();
            assertThat(stranger.hello().getString("reason")).isEqualTo("expired");
        }
        say("lobby", "still here");
        assertThat(client.taken(1)).containsExactly("still here");
    }

    @Test
    @DisplayName("who is called otherwise in between has the same numbers for the same events, live and read again")
    void renamed() {
        String path = "/ws?ack=true&events=all";
        AckClient live = new AckClient(path, null).connect(() -> port(0)).acking(false);
        String token = live.hello().getString("resume");
        Client other = cluster.open(1, "/ws?events=all", null);
        other.hello();
        say("lobby", "one");
        live.say(called("Ann"));
        assertThat(live.taken(2).get(1)).contains("server.userJoined", "\"username\":\"Ann\"");
        say("lobby", "two");
        other.say(called("Bob"));
        live.taken(4);
        live.say(called("Anna"));
        live.taken(5);
        other.say(called("Bert"));
        say("lobby", "three");
        // Two frames about Bert and the message come from two nodes, in either order.
        List<String> seen = live.taken(8);
        assertThat(seen.subList(5, 8))
                .anyMatch(each -> each.contains("\"username\":\"Bert\""))
                .anyMatch(each -> each.contains("\"message\":\"three\""));
        assertThat(seen).noneMatch(each -> each.contains("userLeft") && each.contains("Ann"));
        live.cut();
        say("lobby", "four");

        AckClient again = new AckClient(path + "&resume=" + token, null).connect(() -> port(1));
        assertThat(again.hello().getBoolean("recovered")).isTrue();
        say("lobby", "five");
        List<String> all = again.taken(seen.size() + 2);
        assertThat(all.subList(0, seen.size())).isEqualTo(seen);
        assertThat(all.get(seen.size())).contains("\"message\":\"four\"");
        assertThat(all.get(seen.size() + 1)).contains("\"message\":\"five\"");
        assertThat(again.gaps()).isZero();
        assertThat(again.repeated()).isZero();
    }

    private static String called(String name) {
        return "{\"type\":\"publish\",\"channel\":\"client.setUsername\",\"payload\":{\"username\":\"" + name + "\"}}";
    }

    @Test
    @DisplayName("cut 100 times while 10,000 messages flow, a client has all of them, in order, once")
    void oneHundredCuts() {
        int messages = 10_000;
        int cuts = 100;
        AckClient client = relay(0, "lobby");
        client.hello();
        Future<Void> said = sayAll("lobby", messages);
        for (int cut = 1; cut <= cuts; cut++) {
            // At the latest here, so that all cuts are within the flow; where exactly is left to chance.
            int until = messages / (cuts + 1) * cut;
            await().atMost(AckClient.PATIENCE)
                    .pollInterval(java.time.Duration.ofMillis(1))
                    .until(() -> client.taken.size() >= until);
            client.cut();
            JsonObject hello = client.connectUntilGreeted(
                    () -> port(ThreadLocalRandom.current().nextInt(NODES)));
            assertThat(hello.getBoolean("recovered"))
                    .as("cut %d: %s", cut, hello)
                    .isTrue();
        }
        Client.get(said);

        assertThat(client.taken(messages))
                .isEqualTo(IntStream.range(0, messages).mapToObj(i -> "m" + i).toList());
        assertThat(client.gaps()).isZero();
        assertThat(client.last()).isEqualTo(messages);
        say("lobby", "last");
        assertThat(client.taken(messages + 1)).endsWith("last");
    }

    /** Says messages one portion after another, each by the next node. */
    private Future<Void> sayAll(String room, int count) {
        return sayFrom(room, 0, count);
    }

    private Future<Void> sayFrom(String room, int from, int count) {
        if (from >= count) {
            return Future.succeededFuture();
        }
        int portion = Math.min(50, count - from);
        Node node = cluster.node(from / 50);
        List<Future<Void>> said = new ArrayList<>();
        for (int i = from; i < from + portion; i++) {
            said.add(node.sendToGroup(room, "m" + i));
        }
        return Future.all(said).compose(all -> sayFrom(room, from + portion, count));
    }
}

package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.node.Node;
import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Refusal;
import dev.muster.node.connection.SocketHandler;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** An application's own handler, and what the library can be asked to do with connections of any node. */
@ParameterizedClass
@EnumSource(Backend.class)
class LibraryTest {

    @Parameter
    Backend backend;

    private final List<String> events = new CopyOnWriteArrayList<>();

    private Cluster cluster;

    /** Says its id, joins what it is told to, and writes down what happens to it. */
    private final class Own implements SocketHandler {
        @Override
        public Future<Void> onConnect(Connection connection) {
            if (connection.handshake().parameter("name").equals("refused")) {
                return Future.failedFuture(new CloseException(new CloseReason(4600, "not you")));
            }
            if (connection.handshake().parameter("name").equals("broken")) {
                return Future.failedFuture(new IllegalStateException("for the test"));
            }
            connection.sendText(connection.id());
            return Future.succeededFuture();
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            if (message.isText() && message.text().equals("throw")) {
                throw new IllegalStateException("for the test");
            }
            events.add(connection.handshake().parameter("name") + ": " + message.text());
        }

        @Override
        public boolean onError(Connection connection, Throwable error) {
            connection.sendText("error: " + error.getMessage());
            return connection.handshake().parameter("name").equals("patient");
        }

        @Override
        public void onDisconnect(Connection connection, Throwable cause) {
            events.add(connection.handshake().parameter("name") + " gone" + (cause == null ? "" : " by " + cause));
        }
    }

    private record Joined(Client client, String id) {}

    @BeforeEach
    void start() {
        cluster = new Cluster(
                backend,
                2,
                builder -> builder.route("/own/{name}", Authenticator.OPEN, new Own(), handshake -> {
                    if (handshake.query().containsKey("bad")) {
                        throw Refusal.badRequest("bad", "must not be there");
                    }
                }));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Joined connect(int node, String name) {
        Client client = cluster.open(node, "/own/" + name, null);
        String id = client.frames(1).get(0);
        client.got.clear();
        // Its node has begun to register it, and does not wait for that.
        await().until(() -> cluster.json(node, "/ws/stats").getInteger("total_connections")
                == cluster.nodes.stream().mapToInt(Node::count).sum());
        return new Joined(client, id);
    }

    private Joined join(int node, String name, String group) {
        Joined joined = connect(node, name);
        Connection connection = cluster.node(node).find(joined.id()).orElseThrow();
        Client.get(cluster.node(node).join(connection, group));
        return joined;
    }

    @Test
    @DisplayName("messages, bytes and JSON go to one connection, wherever it is")
    void sendToOne() {
        Joined there = connect(1, "there");
        Node here = cluster.node(0);
        assertThat(Client.get(here.send(there.id(), "text"))).isTrue();
        assertThat(Client.get(here.send(there.id(), Buffer.buffer(new byte[] {0, -1}))))
                .isTrue();
        assertThat(Client.get(here.sendJson(there.id(), Map.of("a", 1)))).isTrue();
        assertThat(Client.get(cluster.node(1).send(there.id(), "from its own node")))
                .isTrue();
        await().until(() -> there.client().got.size() == 4);
        assertThat(there.client().got)
                .contains("text", "0x00ff", "{\"a\":1}", "from its own node")
                .containsSubsequence("text", "0x00ff", "{\"a\":1}");
        assertThat(Client.get(here.send("nobody", "text"))).isFalse();
    }

    @Test
    @DisplayName("a connection is closed for a reason of one's own, wherever it is, and its handler hears of it once")
    void disconnect() {
        Joined there = connect(1, "there");
        assertThat(Client.get(cluster.node(0).disconnect(there.id(), new CloseReason(4700, "gr\u00fc\u00dfe"))))
                .isTrue();
        assertThat(there.client().closeCode()).isEqualTo(4700);
        await().until(() -> events.contains("there gone"));
        assertThat(events).containsOnlyOnce("there gone");
        await().until(() -> !Client.get(cluster.node(0).disconnect(there.id(), CloseReason.NORMAL)));
    }

    @Test
    @DisplayName("a group is heard by its members on all nodes, and by those of other protocols in their form")
    void groups() {
        Joined a = join(0, "a", "g");
        Joined b = join(1, "b", "g");
        Joined outside = connect(1, "outside");
        Client relay = cluster.relay(0, "g");
        Client chat = cluster.chat(1, "g");
        chat.awaitFrame("John Doe joined the room");
        Node node = cluster.node(0);

        Client.get(node.sendToGroup("g", "hello"));
        Client.get(node.sendToGroup("g", Buffer.buffer(new byte[] {9})));
        Client.get(node.sendJsonToGroup("g", Map.of("k", "v")));
        Client.get(node.sendToGroup("g", "not for a", Set.of(a.id())));
        chat.awaitFrame("[server]: not for a");
        relay.say("raw");
        chat.say("said");

        // The two come from two nodes, in either order.
        for (Joined member : List.of(a, b)) {
            member.client().awaitFrame("raw");
            member.client().awaitFrame("said");
        }
        chat.awaitFrame("[John Doe]: said");
        assertThat(a.client().got).containsExactlyInAnyOrder("hello", "0x09", "{\"k\":\"v\"}", "raw", "said");
        assertThat(b.client().got)
                .containsExactlyInAnyOrder("hello", "0x09", "{\"k\":\"v\"}", "not for a", "raw", "said");
        assertThat(outside.client().got).isEmpty();
        assertThat(relay.frames(5).get(2)).isEqualTo("{\"k\":\"v\"}");
        JsonObject hello = new JsonObject(relay.got.get(0));
        assertThat(hello.getString("from")).isEqualTo("server");
        assertThat(hello.getString("text")).isEqualTo("hello");
        assertThat(chat.got)
                .contains("[server]: hello", "0x09", "[John Doe]: said")
                .doesNotContain("{\"k\":\"v\"}");

        assertThat(Client.get(node.groupCount("g"))).isEqualTo(4);
        assertThat(Client.get(node.groups(b.id()))).containsExactly("g");
        Connection connection = node.find(a.id()).orElseThrow();
        Client.get(node.join(connection, "h"));
        assertThat(Client.get(cluster.node(1).groups(a.id()))).containsExactlyInAnyOrder("g", "h");
        assertThat(Client.get(node.leave(connection, "g"))).isTrue();
        assertThat(Client.get(node.leave(connection, "g"))).isFalse();
        assertThat(Client.get(cluster.node(1).groups(a.id()))).containsExactly("h");
        Client.get(node.leaveAll(connection));
        assertThat(Client.get(cluster.node(1).groups(a.id()))).isEmpty();
    }

    @Test
    @DisplayName("what goes to all goes to every connection of every node and protocol, but for those left out")
    void sendToAll() {
        Joined own = connect(0, "own");
        Joined left = connect(1, "left-out");
        Client relay = cluster.relay(1, "somewhere");
        Client simple = cluster.open(0, "/ws/simple", null);
        simple.frames(1);
        Node node = cluster.node(0);
        Client.get(node.sendToAll("all", Set.of(left.id())));
        Client.get(node.sendToAll(Buffer.buffer(new byte[] {3})));
        Client.get(node.sendJsonToAll(List.of(1)));
        assertThat(own.client().frames(3)).containsExactlyInAnyOrder("all", "0x03", "[1]");
        assertThat(relay.frames(3)).containsExactlyInAnyOrder("all", "0x03", "[1]");
        assertThat(simple.frames(4)).contains("all", "0x03", "[1]");
        assertThat(left.client().frames(2)).containsExactlyInAnyOrder("0x03", "[1]");
    }

    @Test
    @DisplayName("find, all, filter and count are about this node's own sockets")
    void local() {
        Joined a = connect(0, "a");
        Joined b = connect(1, "b");
        Node node = cluster.node(0);
        assertThat(node.count()).isEqualTo(1);
        assertThat(node.all()).extracting(Connection::id).containsExactly(a.id());
        assertThat(node.find(b.id())).isEmpty();
        assertThat(node.filter(connection -> connection.id().equals(b.id()))).isEmpty();
        assertThat(cluster.node(1).filter(connection -> connection.id().equals(b.id())))
                .hasSize(1);
    }

    @Test
    @DisplayName("a callback that fails is answered by onError, and closes unless that says to go on")
    void errors() {
        Joined patient = connect(0, "patient");
        patient.client().say("throw").say("fine");
        patient.client().awaitFrame("error: for the test");
        await().until(() -> events.contains("patient: fine"));

        Joined strict = connect(0, "strict");
        strict.client().sayIfOpen("throw").sayIfOpen("too late");
        assertThat(strict.client().closeCode()).isEqualTo(4006);
        await().until(() -> events.stream().anyMatch(event -> event.startsWith("strict gone by")));
        assertThat(events).doesNotContain("strict: too late");
    }

    @Test
    @DisplayName("a failing onConnect closes: with its own reason, or as an internal error")
    void onConnectFails() {
        assertThat(cluster.open(0, "/own/refused", null).closeCode()).isEqualTo(4600);
        assertThat(cluster.open(0, "/own/broken", null).closeCode()).isEqualTo(4006);
        await().until(() -> cluster.node(0).count() == 0);
    }

    @Test
    @DisplayName("a failing check of parameters is a 400 that says what was wrong")
    void checks() {
        assertThatThrownBy(() -> cluster.open(0, "/own/a?bad=1", null))
                .isInstanceOfSatisfying(UpgradeRejectedException.class, rejected -> {
                    assertThat(rejected.getStatus()).isEqualTo(400);
                    assertThat(rejected.getBody().toString()).contains("must not be there");
                });
    }
}

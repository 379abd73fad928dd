package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said in a room on any node reaches whom it should on all nodes, once, and nobody else. */
@ParameterizedClass
@EnumSource(Backend.class)
class RoomsAcrossNodesTest {

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

    @Test
    @DisplayName("text and bytes reach every other relay member once and as they are, and no other room")
    void relay() {
        List<Client> members = new ArrayList<>();
        List<Client> others = new ArrayList<>();
        for (int i = 0; i < 2 * NODES; i++) {
            members.add(cluster.relay(i, "lobby"));
            others.add(cluster.relay(i, "elsewhere"));
        }
        List<String> said = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            String object = "{\"type\":\"MOVE\", \"by\":" + i + "}";
            members.get(i).say("text " + i).say(new byte[] {(byte) i, 0, -1}).say(object);
            said.addAll(List.of("text " + i, "0x0" + i + "00ff", object));
        }
        others.get(0).say("marker");

        for (int i = 0; i < members.size(); i++) {
            List<String> expected = new ArrayList<>(said);
            expected.subList(3 * i, 3 * i + 3).clear();
            List<String> got = members.get(i).frames(expected.size());
            assertThat(got).containsExactlyInAnyOrderElementsOf(expected);
            for (int sender = 0; sender < members.size(); sender++) {
                if (sender != i) {
                    assertThat(got).containsSubsequence(said.subList(3 * sender, 3 * sender + 3));
                }
            }
        }
        for (Client other : others.subList(1, others.size())) {
            assertThat(other.frames(1)).containsExactly("marker");
        }
        assertThat(others.get(0).got).isEmpty();
    }

    @Test
    @DisplayName("all members of a room see one order")
    void oneOrder() {
        List<Client> readers = List.of(cluster.chat(0, "busy"), cluster.chat(1, "busy"), cluster.chat(2, "busy"));
        readers.get(0).awaitFrame("Welcome John Doe to busy!");
        readers.get(1).awaitFrame("Welcome John Doe to busy!");
        readers.get(2).awaitFrame("Welcome John Doe to busy!");
        int each = 100;
        for (int i = 0; i < each; i++) {
            for (Client writer : readers) {
                writer.say("line " + i);
            }
        }
        List<List<String>> orders = new ArrayList<>();
        for (Client reader : readers) {
            await().atMost(Duration.ofSeconds(20)).until(() -> lines(reader).size() >= 3 * each);
            orders.add(lines(reader));
        }
        assertThat(orders.get(0)).hasSize(3 * each);
        assertThat(orders.get(1)).isEqualTo(orders.get(0));
        assertThat(orders.get(2)).isEqualTo(orders.get(0));
    }

    @Test
    @DisplayName("who comes in the middle of a talk hears all of it from then on, once and in order")
    void inTheMiddle() {
        Client speaker = cluster.relay(0, "talk");
        int all = 600;
        List<Client> comers = new ArrayList<>();
        for (int i = 0; i < all; i++) {
            speaker.say(Integer.toString(i));
            if (i % 50 == 25) {
                // Not waited for: its join and the next words overtake one another as they like.
                comers.add(cluster.open(comers.size(), "/ws/talk", null));
            }
        }
        // All are in before the last word, which every one of them has to hear.
        comers.forEach(comer -> await().atMost(Duration.ofSeconds(20)).until(() -> !comer.got.isEmpty()));
        speaker.say("end");
        for (Client comer : comers) {
            comer.awaitFrame("end");
            assertThat(new JsonObject(comer.got.get(0)).getString("type")).isEqualTo("SERVER_HELLO");
            List<String> heard = comer.got.subList(1, comer.got.size() - 1);
            int from = all - heard.size();
            assertThat(heard)
                    .containsExactlyElementsOf(IntStream.range(from, all)
                            .mapToObj(Integer::toString)
                            .toList());
        }
        assertThat(comers).hasSize(12);
    }

    private static List<String> lines(Client client) {
        return client.got.stream().filter(line -> line.startsWith("[")).toList();
    }

    @Test
    @DisplayName("chat: welcome, own joining, then every line to everybody, the speaker included")
    void chat() {
        Client first = cluster.chat(0, "lobby");
        first.awaitFrame("John Doe joined the room");
        Client second = cluster.chat(1, "lobby");
        assertThat(second.frames(2)).containsExactly("Welcome John Doe to lobby!", "John Doe joined the room");
        first.say("hello");
        second.awaitFrame("[John Doe]: hello").say(new byte[] {1, 2});
        first.awaitFrame("0x0102");
        second.awaitFrame("0x0102").close();

        assertThat(first.frames(6))
                .containsExactly(
                        "Welcome John Doe to lobby!",
                        "John Doe joined the room",
                        "John Doe joined the room",
                        "[John Doe]: hello",
                        "0x0102",
                        "John Doe left the room");
    }

    @Test
    @DisplayName("last words are heard before the news that somebody left")
    void lastWords() {
        Client stays = cluster.chat(1, "farewell");
        stays.awaitFrame("John Doe joined the room");
        List<String> expected = new ArrayList<>(stays.frames(2));
        for (int i = 0; i < 20; i++) {
            Client goes = cluster.relay(0, "farewell?user_id=ann");
            goes.sayIfOpen("bye " + i).close();
            expected.addAll(List.of("ann joined the room", "[ann]: bye " + i, "ann left the room"));
            // The next one comes when this one has left for all.
            stays.frames(expected.size());
        }
        assertThat(stays.frames(expected.size())).isEqualTo(expected);
    }

    @Test
    @DisplayName("relay and chat meet in one room, each in its own form")
    void meet() {
        Client relay = cluster.relay(0, "both?user_id=ann");
        Client anonymous = cluster.relay(1, "both");
        Client chat = cluster.chat(2, "both");
        chat.awaitFrame("John Doe joined the room");
        Client late = cluster.relay(0, "both?user_id=bob");

        relay.say("plain")
                .say("{\"type\":\"CHAT_MESSAGE\",\"text\":\"dressed\"}")
                .say("{\"type\":\"MOVE\"}")
                .say(new byte[] {7});
        chat.awaitFrame("0x07").say("from chat");
        anonymous.awaitFrame("{\"type\":\"MOVE\"}");
        await().until(() -> anonymous.got.size() == 5);
        late.close();
        chat.awaitFrame("bob left the room");
        anonymous.say("who am I");
        await().until(() -> chat.got.size() == 9);

        assertThat(chat.got.subList(0, 8))
                .containsExactly(
                        "Welcome John Doe to both!",
                        "John Doe joined the room",
                        "bob joined the room",
                        "[ann]: plain",
                        "[ann]: dressed",
                        "0x07",
                        "[John Doe]: from chat",
                        "bob left the room");
        assertThat(chat.got.get(8)).matches("\\[WS-[A-Za-z0-9_-]+]: who am I");
        assertThat(anonymous.got.subList(0, 4))
                .containsExactly(
                        "plain", "{\"type\":\"CHAT_MESSAGE\",\"text\":\"dressed\"}", "{\"type\":\"MOVE\"}", "0x07");
        JsonObject said = new JsonObject(anonymous.got.get(4));
        assertThat(said.fieldNames()).containsExactlyInAnyOrder("type", "id", "from", "text", "timestamp");
        assertThat(said.getString("type")).isEqualTo("CHAT_MESSAGE");
        assertThat(said.getString("from")).isEqualTo("John Doe");
        assertThat(said.getString("text")).isEqualTo("from chat");
        assertThat(Math.abs(said.getLong("timestamp") - System.currentTimeMillis()))
                .isLessThan(60_000);
    }

    @Test
    @DisplayName("the figures of a room agree on all nodes, ids are unique, and all falls to nothing")
    void stats() {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 2 * NODES; i++) {
            clients.add(cluster.relay(i, "counted?user_id=u" + i + "&client_id=c" + i));
        }
        Client simple = cluster.open(1, "/ws/simple", null);
        assertThat(simple.frames(1)).containsExactly("Connected! Send me messages.");

        Set<String> ids = new HashSet<>();
        for (int node = 0; node < NODES; node++) {
            JsonObject stats = cluster.json(node, "/ws/counted/stats");
            assertThat(stats.getInteger("connection_count")).isEqualTo(2 * NODES);
            JsonArray connections = stats.getJsonArray("connections");
            for (int i = 0; i < 2 * NODES; i++) {
                JsonObject connection = connections.getJsonObject(i);
                assertThat(connection.getString("user_id")).isEqualTo("u" + i);
                assertThat(connection.getString("client_id")).isEqualTo("c" + i);
                assertThat(connection.getString("node")).isEqualTo("n" + i % NODES);
                ids.add(connection.getString("id"));
            }
            assertThat(cluster.json(node, "/ws/stats").getInteger("total_connections"))
                    .isEqualTo(2 * NODES + 1);
        }
        assertThat(ids).hasSize(2 * NODES).allMatch(id -> id.matches("[A-Za-z0-9_-]{1,26}"));

        clients.get(0).say("hi");
        clients.get(1).frames(1);
        await().until(() -> cluster.json(0, "/ws/counted/stats").getInteger("messages_sent") == 1);
        JsonObject stats = cluster.json(0, "/ws/counted/stats");
        assertThat(stats.getInteger("messages_received")).isEqualTo(1);
        assertThat(stats.getString("last_activity")).isNotNull();

        clients.forEach(Client::close);
        simple.close();
        for (int node = 0; node < NODES; node++) {
            int asked = node;
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> cluster.json(asked, "/ws/counted/stats").getInteger("connection_count") == 0);
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> cluster.json(asked, "/ws/stats").getInteger("total_connections") == 0);
        }
    }

    @Test
    @DisplayName("rooms with odd names are rooms of their own")
    void oddNames() {
        List<String> names = List.of(
                "a",
                "A",
                "a:b",
                "a*",
                "*",
                "{a}",
                "a b",
                "a/b",
                "a%2Fb",
                "..",
                "\uD83D\uDE80",
                "\u00e4",
                "a\u0308",
                "?",
                "#",
                "\"",
                "\\",
                "<b>",
                "chat ",
                "x".repeat(255));
        List<Client> left = new ArrayList<>();
        List<Client> right = new ArrayList<>();
        for (String name : names) {
            String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8)
                    .replace("+", "%20")
                    .replace("*", "%2A");
            Client client = cluster.open(0, "/ws/" + encoded, null);
            assertThat(client.hello().getString("room_id")).isEqualTo(name);
            left.add(client);
            right.add(cluster.relay(1, encoded));
        }
        for (int i = 0; i < names.size(); i++) {
            left.get(i).say(names.get(i));
        }
        for (int i = 0; i < names.size(); i++) {
            assertThat(right.get(i).frames(1)).containsExactly(names.get(i));
        }
    }

    @Test
    @DisplayName("a node that stops takes its members with it at once, and tells its sockets to go elsewhere")
    void drain() {
        Client stays = cluster.chat(0, "lobby");
        stays.awaitFrame("John Doe joined the room");
        Client goes = cluster.chat(1, "lobby");
        goes.awaitFrame("John Doe joined the room");
        stays.frames(3);

        Client.get(cluster.node(1).close());

        assertThat(goes.closeCode()).isEqualTo(4001);
        assertThat(stays.frames(4)).endsWith("John Doe left the room");
        assertThat(cluster.json(0, "/ws/lobby/stats").getInteger("connection_count"))
                .isEqualTo(1);
    }
}

package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Entities in packets, byte by byte, beside JSON in the same space. */
@ParameterizedClass(name = "{0}")
@EnumSource(Backend.class)
class SyncPacketsTest {

    private static final HexFormat HEX = HexFormat.of();

    /** {@code eventwork_sync::messages::}. */
    private static final String MESSAGES = "6576656e74776f726b5f73796e633a3a6d657373616765733a3a";

    @Parameter
    Backend backend;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(backend, 2, node -> node.option("tcp-port", 0));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Game game(int node) {
        return new Game(cluster.node(node).tcpPort().orElseThrow());
    }

    private SyncClient json(int node) {
        return new SyncClient(cluster.open(node, "/ws/sync", null));
    }

    @Test
    @DisplayName("the bytes are those of the documentation")
    void bytes() {
        SyncClient ann = json(1);
        String ship = ann.spawn("Name", new JsonObject().put("name", "hi"));
        String little = littleEndian(Long.parseUnsignedLong(ship));
        try (Game game = game(0)) {
            String subscribe = "00" + "01" + "04" + "4e616d65" + "01" + "fd" + little;
            String packet =
                    "2b" + MESSAGES + "53796e63436c69656e744d657373616765" + "fde742c75bc62c11d5" + "11" + subscribe;
            game.tcp().send(HEX.parseHex("47000000" + "00000000" + packet));
            String snapshot = "00" + "01" + "00" + "01" + "fd" + little + "04" + "4e616d65" + "03" + "026869";
            String answer = "2b" + MESSAGES + "53796e635365727665724d657373616765" + "fd4323795735" + "51cf78" + "16"
                    + snapshot;
            // The node that was asked may hear of the entity a moment later than of the subscription.
            String first = HEX.formatHex(game.tcp().raw(8));
            if (first.equals("38" + "00000000000000")) {
                assertThat(HEX.formatHex(game.tcp().raw(0x38)))
                        .isEqualTo("2b" + MESSAGES + "53796e635365727665724d657373616765" + "fd432379573551cf78" + "02"
                                + "0000");
                first = HEX.formatHex(game.tcp().raw(8));
                answer = answer.replace("00" + "01" + "00" + "01fd", "00" + "01" + "01" + "01fd");
            }
            assertThat(first).isEqualTo("4c" + "00000000000000");
            assertThat(HEX.formatHex(game.tcp().raw(0x4c))).isEqualTo(answer);
        }
    }

    private static String littleEndian(long value) {
        return HEX.toHexDigits(Long.reverseBytes(value));
    }

    @Test
    @DisplayName("an unknown component is answered with an empty batch, and that is two bytes")
    void empty() {
        try (Game game = game(0)) {
            assertThat(HEX.formatHex(game.subscribe(1, "Nothing", null).heard(Game.SERVER)))
                    .isEqualTo("0000");
            assertThat(HEX.formatHex(game.subscribe(1, "Tags", null).heard(Game.SERVER)))
                    .isEqualTo("0000");
            assertThat(HEX.formatHex(game.subscribe(2, "*", 17L).heard(Game.SERVER)))
                    .isEqualTo("0000");
        }
    }

    @Test
    @DisplayName("both wires change and see the same space at once")
    void together() {
        SyncClient ann = json(0).subscribe(1, "Position", null).ready(1);
        try (Game game = game(1)) {
            game.subscribe(9, "*", null).next();
            byte[] position = new Game.Out().f32(1).f32(2).f32(3).done();
            game.mutate(5, -1, "Position", position);
            assertThat(game.until("answer")).isEqualTo("answer 5 0");
            String told = game.until("1 9 ");
            assertThat(told).endsWith(" Position 0000803f0000004000004040");
            String entity = told.split(" ")[2];
            assertThat(ann.item("update", entity, "Position").getJsonObject("value"))
                    .isEqualTo(new JsonObject("{\"x\":1.0,\"y\":2.0,\"z\":3.0}"));
            ann.mutate(entity, "Name", new JsonObject().put("name", "n"));
            assertThat(game.until("1 9 ")).isEqualTo("1 9 " + entity + " Name 016e");
            long bits = Long.parseUnsignedLong(entity);
            game.mutate(6, bits, "Position", new byte[] {1, 2});
            assertThat(game.until("answer 6")).startsWith("answer 6 3 Position: ");
            game.mutate(7, bits, "Nothing", position);
            assertThat(game.until("answer 7")).startsWith("answer 7 2 ");
            game.mutate(8, 12, "Position", position);
            assertThat(game.until("answer 8")).isEqualTo("answer 8 2 there is no entity 12");
            ann.ask(new JsonObject().put("type", "remove").put("entity", entity).put("component", "Name"));
            assertThat(game.until("2 9 ")).isEqualTo("2 9 " + entity + " Name");
            ann.despawn(entity);
            assertThat(game.until("3 9 ")).isEqualTo("3 9 " + entity);
            game.unsubscribe(9).query(3, "entities", "{\"components\":[\"Name\"]}", false);
            assertThat(game.next()).containsExactly("rows 3 0");
            ann.spawn("Name", new JsonObject().put("name", "x"));
            game.query(4, "nowhere", "", false);
            assertThat(game.next()).hasSize(2).element(0).isEqualTo("rows 4 1");
            game.query(5, "entities", "{", false);
            assertThat(game.next()).containsExactly("rows 5 3", "error params must be JSON");
        }
    }

    @Test
    @DisplayName("control is taken and released in packets")
    void control() {
        SyncClient ann = json(0);
        String ship = ann.spawn("Name", new JsonObject().put("name", "ship"));
        long bits = Long.parseUnsignedLong(ship);
        try (Game game = game(0);
                Game other = game(1)) {
            assertThat(game.control(false, bits).controlled()).isEqualTo("3");
            assertThat(game.control(true, bits).controlled()).isEqualTo("0");
            assertThat(game.control(true, bits).controlled()).isEqualTo("0");
            assertThat(other.control(true, bits).controlled()).startsWith("2 ");
            assertThat(other.control(true, 17).controlled()).isEqualTo("4 there is no entity 17");
            long by = ann.control("take", ship).getLong("by");
            assertThat(other.control(false, bits).controlled()).isEqualTo("2 " + by);
            game.tcp().reset();
            await().untilAsserted(() ->
                    assertThat(other.control(true, bits).controlled()).isEqualTo("0"));
        }
    }

    @Test
    @DisplayName("who comes for entities leaves the room, and may still speak there")
    void room() {
        Client chat = cluster.chat(1, "lobby").awaitFrame("John Doe joined the room");
        try (Game game = game(0)) {
            await().until(() -> cluster.json(0, "/ws/lobby/stats").getInteger("connection_count") == 2);
            game.subscribe(1, "Name", null);
            assertThat(game.next()).isEmpty();
            await().until(() -> cluster.json(0, "/ws/lobby/stats").getInteger("connection_count") == 1);
            chat.say("nobody there");
            game.packet(
                    PacketBytes.USER_CHAT,
                    PacketBytes.USER_CHAT_HASH,
                    new Game.Out().text("still here").done());
            chat.awaitMatch("still here");
            SyncClient ann = json(1);
            String entity = ann.spawn("Name", new JsonObject().put("name", "x"));
            assertThat(game.until("1 1 ")).contains(entity);
        }
    }

    @Test
    @DisplayName("what is no message about entities ends that connection, and no other")
    void broken() {
        List<byte[]> bad = List.of(
                new byte[0],
                new byte[] {5},
                new byte[] {0, 1},
                new byte[] {0, 1, 1, (byte) 0xFF, 0},
                new byte[] {0, 1, 1, 'a', 2},
                new byte[] {2, 0, 1, 1, 'a', 9, 1},
                new byte[] {3, 1, 1, 'a', 1, '{', 2},
                new byte[] {4});
        try (Game good = game(0)) {
            good.subscribe(1, "Name", null).next();
            for (byte[] data : bad) {
                try (Game game = game(0)) {
                    game.subscribe(1, "Name", null).next();
                    game.say(new Game.Out().raw(data));
                    game.tcp().rest();
                }
            }
            try (Game game = game(0)) {
                game.packet(Game.TAKE, 0, new byte[] {2, 1});
                game.tcp().rest();
            }
            SyncClient ann = json(1);
            String entity = ann.spawn("Name", new JsonObject().put("name", "x"));
            assertThat(good.until("1 1 ")).contains(entity);
        }
    }
}

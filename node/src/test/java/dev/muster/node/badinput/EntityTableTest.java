package dev.muster.node.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.muster.node.schema.RelaySchema.EntityDespawn;
import dev.muster.node.schema.RelaySchema.EntitySnapshot;
import dev.muster.node.schema.RelaySchema.EntitySpawn;
import dev.muster.node.schema.RelaySchema.EntityUpdate;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.schema.RelaySchema.PositionUpdate;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.component.Position;
import dev.muster.node.transport.RawSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * News of entities that cannot be true, in a room that has a space: refused, counted, heard by nobody, and nothing of it is
 * done. The connection stays. Nobody may change a Name that says "sealed", or despawn anything.
 */
class EntityTableTest {

    @RegisterExtension
    static final Target TARGET = new Target(
            "entities on a relay",
            node -> node.option("limit-messages", "0")
                    .sync(Sync.builder()
                            .position(Position.class, at -> new Sync.Point(at.x(), at.y(), at.z()))
                            .room("room-*", Sync.WORLD)
                            .mutations(wish -> !String.valueOf(wish.value()).contains("sealed")
                                    && !wish.action().name().equals("DESPAWN"))
                            .build()));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BINARY = 0x82;

    private static final String INVALID = "invalid_message";
    private static final String UNKNOWN = "unknown_type";
    private static final String FORBIDDEN = "forbidden";

    private record Row(String name, byte[] frame, String code, String says) {
        @Override
        public String toString() {
            return name + " → " + code;
        }
    }

    private static final List<Row> ROWS = new ArrayList<>();

    private static void row(String name, Message.Builder message, String code, String says) {
        ROWS.add(new Row(name, message.build().toByteArray(), code, says));
    }

    private static Message.Builder message(MessageType type) {
        return Message.newBuilder().setMessageId("m").setTimestamp(1).setType(type);
    }

    private static Message.Builder spawn(EntitySpawn.Builder entity) {
        return message(MessageType.ENTITY_SPAWN).setEntitySpawn(entity);
    }

    private static EntitySpawn.Builder entity(String id) {
        return EntitySpawn.newBuilder().setEntityId(id);
    }

    private static Message.Builder update(String id, String component, String json) {
        return message(MessageType.ENTITY_UPDATE)
                .setEntityUpdate(EntityUpdate.newBuilder()
                        .setEntityId(id)
                        .putComponents(component, ByteString.copyFromUtf8(json)));
    }

    static {
        notAboutOneEntity();
        spawns();
        values();
        updates();
    }

    private static void notAboutOneEntity() {
        row("spawn without an entity", message(MessageType.ENTITY_SPAWN), INVALID, "nothing else");
        row("update without an entity", message(MessageType.ENTITY_UPDATE), INVALID, "nothing else");
        row("despawn without an entity", message(MessageType.ENTITY_DESPAWN), INVALID, "nothing else");
        row("spawn called update", spawn(entity("a")).setType(MessageType.ENTITY_UPDATE), INVALID, "nothing else");
        row("spawn called a position", spawn(entity("a")).setType(MessageType.POSITION_UPDATE), INVALID, "nothing");
        row("spawn called nothing", spawn(entity("a")).setType(MessageType.UNKNOWN), INVALID, "nothing else");
        row("spawn of an unknown type", spawn(entity("a")).setTypeValue(4711), INVALID, "nothing else");
        row(
                "position called spawn",
                message(MessageType.ENTITY_SPAWN)
                        .setPositionUpdate(PositionUpdate.newBuilder().setEntityId("a")),
                INVALID,
                "nothing else");
        row("no id", spawn(entity("")), INVALID, "entity_id must not be empty");
        row("update of no id", update("", "Name", "{}"), INVALID, "entity_id must not be empty");
        EntitySpawn.Builder many = entity("a");
        for (int i = 0; i < 257; i++) {
            many.putComponents("C" + i, "{}");
        }
        row("257 components", spawn(many), INVALID, "at most 256");
    }

    private static void spawns() {
        row("an id that is taken", spawn(entity("there")), INVALID, "\"there\": there is one already");
        row("an id of 256 characters", spawn(entity("x".repeat(256))), INVALID, "1 to 255");
        row("a template of 256", spawn(entity("a").setTemplateId("x".repeat(256))), INVALID, "1 to 255");
        row("somebody else's", spawn(entity("a").setOwnerId("somebody")), FORBIDDEN, "owner");
        row(
                "an owner twice",
                spawn(entity("a").setOwnerId("me").putComponents("Owner", "{\"user\":\"x\"}")),
                INVALID,
                "at most one Owner");
        row("an id twice", spawn(entity("a").putComponents("ExternalId", "{\"id\":\"b\"}")), INVALID, "at most one");
        row("sealed", spawn(entity("a").putComponents("Name", "{\"name\":\"sealed\"}")), FORBIDDEN, "not allowed");
        row("a sealed id", spawn(entity("sealed")), FORBIDDEN, "not allowed");
        row(
                "a parent that is not there",
                spawn(entity("a").putComponents("Parent", "{\"parent\":\"4711\"}")),
                INVALID,
                "4711");
        row(
                "a hold on it",
                spawn(entity("a").putComponents("EntityControl", "{\"holder\":\"me\",\"client\":1,\"renewed\":1}")),
                FORBIDDEN,
                "taking");
        row(
                "one good component and one bad",
                spawn(entity("a")
                        .putComponents("Name", "{\"name\":\"a\"}")
                        .putComponents("Position", "{\"x\":1,\"y\":2}")),
                INVALID,
                "z is required");
    }

    private static void values() {
        row("no such component", spawn(entity("a").putComponents("Nothing", "{}")), UNKNOWN, "Nothing");
        row("a component without a name", spawn(entity("a").putComponents("", "{}")), UNKNOWN, "called");
        row("in lower case", spawn(entity("a").putComponents("name", "{\"name\":\"a\"}")), UNKNOWN, "name");
        for (String json : new String[] {
            "",
            " ",
            "{",
            "}",
            "a",
            "null",
            "[]",
            "\"x\"",
            "1",
            "{}{}",
            "{\"name\":\"a\"} x",
            "{\"name\":\"a\"}{}",
            "{'name':'a'}",
            "{\"name\":5}",
            "{\"name\":null}",
            "{}",
            "{\"name\":\"\\ud800\"}",
            "{\"name\":{}}",
            "{\"name\":\"a\",}",
            "\u0000",
            "{\"name\":NaN}",
            "<name>a</name>",
            "a: b"
        }) {
            row("Name " + json, update("there", "Name", json), INVALID, "Name: ");
        }
        row("nested 100,000 deep", update("there", "Name", "{\"a\":".repeat(100_000)), INVALID, "Name: ");
        row("a name of 201", update("there", "Name", "{\"name\":\"" + "x".repeat(201) + "\"}"), INVALID, "200");
        row(
                "tags of 70,000 bytes",
                update("there", "Tags", "{\"tags\":[\"" + "x".repeat(70_000) + "\"]}"),
                INVALID,
                "65536 bytes");
        row("a number that is too large", update("there", "Position", "{\"x\":1e999,\"y\":1,\"z\":1}"), INVALID, "x");
        row(
                "bytes that are no text",
                message(MessageType.ENTITY_UPDATE)
                        .setEntityUpdate(EntityUpdate.newBuilder()
                                .setEntityId("there")
                                .putComponents("Name", ByteString.fromHex("ff"))),
                INVALID,
                "UTF-8");
        row(
                "UTF-16",
                message(MessageType.ENTITY_UPDATE)
                        .setEntityUpdate(EntityUpdate.newBuilder()
                                .setEntityId("there")
                                .putComponents(
                                        "Name", ByteString.copyFrom("{\"name\":\"a\"}", StandardCharsets.UTF_16LE))),
                INVALID,
                "Name: ");
    }

    private static void updates() {
        row("of nothing", update("nowhere", "Name", "{\"name\":\"a\"}"), UNKNOWN, "\"nowhere\": there is none");
        row("of a number", update("4711", "Name", "{\"name\":\"a\"}"), UNKNOWN, "there is none");
        row("to sealed", update("there", "Name", "{\"name\":\"sealed\"}"), FORBIDDEN, "not allowed");
        row("another id", update("there", "ExternalId", "{\"id\":\"a\"}"), INVALID, "ExternalId stays");
        row("of control", update("there", "EntityControl", "{}"), FORBIDDEN, "taking");
        row(
                "one good component and one bad",
                message(MessageType.ENTITY_UPDATE)
                        .setEntityUpdate(EntityUpdate.newBuilder()
                                .setEntityId("there")
                                .putComponents("Tags", ByteString.copyFromUtf8("{\"tags\":[\"new\"]}"))
                                .putComponents("Position", ByteString.copyFromUtf8("{\"x\":1}"))),
                INVALID,
                "Position: ");
        row(
                "despawn of nothing",
                message(MessageType.ENTITY_DESPAWN)
                        .setEntityDespawn(EntityDespawn.newBuilder().setEntityId("nowhere")),
                UNKNOWN,
                "there is none");
        row(
                "despawn",
                message(MessageType.ENTITY_DESPAWN)
                        .setEntityDespawn(EntityDespawn.newBuilder().setEntityId("there")),
                FORBIDDEN,
                "not allowed");
    }

    static Stream<Row> table() {
        return ROWS.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void isRefused(Row row) throws Exception {
        String room = TARGET.newRoom();
        try (Bystanders others = new Bystanders(TARGET, room);
                RawSocket client = TARGET.open("/ws/" + room + "?binary=protobuf&client_id=me&user_id=me", 1)) {
            List<EntitySnapshot> there = entities(client);
            if (there.isEmpty()) {
                Message spawned = spawn(entity("there").putComponents("Name", "{\"name\":\"b\"}"))
                        .build();
                client.send(RawSocket.frame(BINARY, spawned.toByteArray()));
                there = entities(client);
                others.assertHeard(client, new RawSocket.Frame(2, true, spawned.toByteArray()).text());
                assertThat(there).hasSize(1);
            }
            Map<String, Double> before = TARGET.counters();
            client.send(RawSocket.frame(BINARY, row.frame()));
            JsonNode error = JSON.readTree(client.read().text());
            assertThat(error.get("type").asText()).isEqualTo("ERROR");
            assertThat(error.get("code").asText()).as(error.toString()).isEqualTo(row.code());
            assertThat(error.get("message").asText()).contains(row.says()).doesNotContain("Exception");
            TARGET.assertCounted(before, Target.badInput("relay", row.code()));
            others.assertHeard(client);
            assertThat(entities(client)).as("what there is").isEqualTo(there);
        }
    }

    private static List<EntitySnapshot> entities(RawSocket client) throws IOException {
        client.send(RawSocket.frame(
                BINARY, message(MessageType.CLIENT_HELLO).build().toByteArray()));
        Message answer = Message.parseFrom(client.read().payload());
        assertThat(answer.getType()).isEqualTo(MessageType.SERVER_HELLO);
        return answer.getServerHello().getInitialState().getEntitiesList();
    }
}

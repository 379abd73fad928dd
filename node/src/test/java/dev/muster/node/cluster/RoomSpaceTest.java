package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.muster.node.schema.RelaySchema.ChatMessage;
import dev.muster.node.schema.RelaySchema.EntityDespawn;
import dev.muster.node.schema.RelaySchema.EntitySnapshot;
import dev.muster.node.schema.RelaySchema.EntitySpawn;
import dev.muster.node.schema.RelaySchema.EntityUpdate;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.schema.RelaySchema.PlayerSnapshot;
import dev.muster.node.schema.RelaySchema.Vector3;
import dev.muster.node.schema.RelaySchema.WorldState;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.component.ExternalId;
import dev.muster.node.sync.component.Name;
import dev.muster.node.sync.component.Owner;
import dev.muster.node.sync.component.Position;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Relay rooms that have a space: protobuf members change it on one node, and others see it on another. */
@ParameterizedClass(name = "{0}")
@EnumSource(Backend.class)
class RoomSpaceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Parameter
    Backend backend;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(backend, 2, node -> node.option("room-space", "hall-*=world"));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    // ---- what clients say ----

    private Client protobuf(int node, String clientId) {
        return cluster.relay(node, "hall-1?binary=protobuf&client_id=" + clientId + "&user_id=u-" + clientId);
    }

    private static Message.Builder message(MessageType type) {
        return Message.newBuilder().setMessageId("m").setTimestamp(1).setType(type);
    }

    private static Message spawn(String id, Map<String, String> components) {
        return message(MessageType.ENTITY_SPAWN)
                .setEntitySpawn(EntitySpawn.newBuilder().setEntityId(id).putAllComponents(components))
                .build();
    }

    private static Message update(String id, String component, String json) {
        return message(MessageType.ENTITY_UPDATE)
                .setEntityUpdate(EntityUpdate.newBuilder()
                        .setEntityId(id)
                        .putComponents(component, ByteString.copyFromUtf8(json)))
                .build();
    }

    private static Message despawn(String id) {
        return message(MessageType.ENTITY_DESPAWN)
                .setEntityDespawn(EntityDespawn.newBuilder().setEntityId(id))
                .build();
    }

    private static void say(Client client, Message message) {
        client.say(message.toByteArray());
    }

    private static String hex(Message message) {
        return "0x" + HexFormat.of().formatHex(message.toByteArray());
    }

    private static WorldState world(Client client) {
        client.got.clear();
        say(client, message(MessageType.CLIENT_HELLO).build());
        List<WorldState> found = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            for (String frame : client.got) {
                Message message = frame.startsWith("0x") ? parse(frame) : Message.getDefaultInstance();
                if (message.getType() == MessageType.SERVER_HELLO) {
                    found.add(message.getServerHello().getInitialState());
                }
            }
            return !found.isEmpty();
        });
        return found.get(0);
    }

    private static Message parse(String frame) {
        try {
            return Message.parseFrom(HexFormat.of().parseHex(frame.substring(2)));
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static List<String> errors(Client client) {
        return client.got.stream()
                .filter(frame -> frame.contains("\"ERROR\""))
                .map(frame -> new JsonObject(frame).getString("code"))
                .toList();
    }

    /** Entities by external id, as a node has them. */
    private List<Entity> entities(int node, String id) {
        return Client.get(cluster.node(node).space("world").query(replica -> {
            List<Entity> found = new ArrayList<>();
            replica.forEach("ExternalId", component -> {
                if (component.as(ExternalId.class).id().equals(id)) {
                    found.add(component.entity().entity());
                }
            });
            return found;
        }));
    }

    // ---- what becomes of it ----

    @Test
    @DisplayName("what a protobuf member spawns, changes and despawns, others see as frames and as the space's entity")
    void acrossWires() {
        SyncClient json = new SyncClient(cluster.open(1, "/ws/sync", null));
        json.subscribe(1, "*", null).ready(1);
        Client reader = protobuf(1, "reader");
        Client sender = protobuf(0, "sender");
        Message spawned = message(MessageType.ENTITY_SPAWN)
                .setEntitySpawn(EntitySpawn.newBuilder()
                        .setEntityId("box-1")
                        .setTemplateId("crate")
                        .setOwnerId("sender")
                        .putComponents("Name", "{\"name\":\"A box\"}")
                        .putComponents("Position", "{\"x\":1,\"y\":2,\"z\":3.5}"))
                .build();
        say(sender, spawned);
        reader.awaitFrame(hex(spawned));
        Entity entity = entities(0, "box-1").get(0);
        String number = entity.toString();
        assertThat(json.item("update", number, "Position").getJsonObject("value"))
                .isEqualTo(new JsonObject("{\"x\":1.0,\"y\":2.0,\"z\":3.5}"));
        assertThat(Client.get(cluster.node(1).space("world").read(entity, Owner.class)))
                .contains(new Owner("u-sender"));
        Message moved = update("box-1", "Position", "{\"x\":4,\"y\":5,\"z\":6}");
        say(sender, moved);
        reader.awaitFrame(hex(moved));
        json.itemsUntil(item -> number.equals(item.getString("entity"))
                && "Position".equals(item.getString("component"))
                && item.getJsonObject("value").getDouble("x") == 4.0);
        // Whoever is in the room may, as in development everybody may.
        Message gone = despawn("box-1");
        say(reader, gone);
        sender.awaitFrame(hex(gone));
        json.item("entityRemoved", number, null);
        assertThat(errors(sender)).isEmpty();
        assertThat(errors(reader)).isEmpty();
    }

    @Test
    @DisplayName(
            "a hello has the members and what is in the space, whoever put it there, and nothing if that is nothing")
    void hello() {
        Client first = protobuf(0, "first");
        assertThat(world(first).getEntitiesCount()).isZero();
        assertThat(world(first).getLastUpdate()).isPositive();
        say(
                first,
                message(MessageType.ENTITY_SPAWN)
                        .setEntitySpawn(EntitySpawn.newBuilder()
                                .setEntityId("box")
                                .setTemplateId("crate")
                                .putComponents("Position", "{\"x\":1,\"y\":2,\"z\":3}")
                                .putComponents("Name", "{\"name\":\"a\"}"))
                        .build());
        Client second = protobuf(1, "second");
        first.say("marker");
        second.awaitFrame("marker");
        Entity own = Client.get(cluster.node(0).space("world").spawn(new Name("by the server"), new Position(7, 8, 9)));
        WorldState world = world(second);
        assertThat(world.getPlayersList())
                .extracting(PlayerSnapshot::getClientId)
                .containsExactly("first", "second");
        assertThat(world.getEntitiesList()).extracting(EntitySnapshot::getId).containsExactly("box", own.toString());
        EntitySnapshot box = world.getEntities(0);
        assertThat(box.getTemplateId()).isEqualTo("crate");
        assertThat(box.getPosition())
                .isEqualTo(Vector3.newBuilder().setX(1).setY(2).setZ(3).build());
        assertThat(box.getComponentsMap())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("Position", "{\"x\":1.0,\"y\":2.0,\"z\":3.0}", "Name", "{\"name\":\"a\"}"));
        // By the name it has there the server's entity can be changed too.
        say(second, update(own.toString(), "Name", "{\"name\":\"by second\"}"));
        await().atMost(PATIENCE)
                .until(() -> Client.get(cluster.node(0).space("world").read(own, Name.class))
                        .orElseThrow()
                        .name()
                        .equals("by second"));
        assertThat(errors(second)).isEmpty();
    }

    @Test
    @DisplayName("frames of one client keep their order, those about entities and all others")
    void order() {
        Client reader = protobuf(1, "reader");
        Client sender = protobuf(0, "sender");
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Message chat = message(MessageType.CHAT_MESSAGE)
                    .setChatMessage(ChatMessage.newBuilder().setMessage("chat " + i))
                    .build();
            List<Message> round = List.of(
                    spawn("e-" + i, Map.of()),
                    chat,
                    update("e-" + i, "Name", "{\"name\":\"n\"}"),
                    spawn("e-" + i, Map.of()), // is there already: refused
                    despawn("e-" + i));
            round.forEach(each -> say(sender, each));
            sender.say("text " + i);
            said.addAll(List.of(hex(round.get(0)), hex(chat), hex(round.get(2)), hex(round.get(4)), "text " + i));
        }
        sender.say("marker");
        reader.awaitFrame("marker");
        List<String> heard = reader.got.stream()
                .filter(frame -> !frame.startsWith("0x") || parse(frame).getType() != MessageType.PRESENCE_JOIN)
                .toList();
        said.add("marker");
        assertThat(heard).isEqualTo(said);
        await().atMost(PATIENCE).until(() -> errors(sender).size() == 50);
        assertThat(errors(sender)).containsOnly("invalid_message");
        assertThat(world(reader).getEntitiesCount()).isZero();
    }

    @Test
    @DisplayName("of two who spawn one id on two nodes at once, one has spawned it everywhere and the other is told")
    void race() {
        Client ann = protobuf(0, "ann");
        Client bob = protobuf(1, "bob");
        int rounds = 20;
        for (int i = 0; i < rounds; i++) {
            String id = "prize-" + i;
            Message byAnn = spawn(id, Map.of("Name", "{\"name\":\"ann\"}"));
            Message byBob = spawn(id, Map.of("Name", "{\"name\":\"bob\"}"));
            int before = errors(ann).size() + errors(bob).size();
            say(ann, byAnn);
            say(bob, byBob);
            await().atMost(PATIENCE)
                    .until(() -> errors(ann).size() + errors(bob).size() == before + 1);
            await().atMost(PATIENCE).until(() -> ann.got.contains(hex(byBob)) != bob.got.contains(hex(byAnn)));
            String winner = bob.got.contains(hex(byAnn)) ? "ann" : "bob";
            for (int node = 0; node < 2; node++) {
                int here = node;
                // Before the loser's comes there is one too, and while both are there the first may be the loser's.
                await().atMost(PATIENCE).until(() -> {
                    List<Entity> there = entities(here, id);
                    return there.size() == 1
                            && Client.get(cluster.node(here).space("world").read(there.get(0), Name.class))
                                    .equals(Optional.of(new Name(winner)));
                });
            }
        }
        assertThat(errors(ann)).hasSizeLessThanOrEqualTo(rounds);
    }

    @Test
    @DisplayName("a hello comes after all frames whose changes are in it, and before all others")
    void helloAmongFrames() {
        Client reader = protobuf(1, "reader");
        Client writer = protobuf(0, "writer");
        Message spawned = spawn("counter", Map.of("Name", "{\"name\":\"0\"}"));
        say(writer, spawned);
        reader.awaitFrame(hex(spawned));
        int changes = 400;
        int hellos = 0;
        for (int i = 1; i <= changes; i++) {
            say(writer, update("counter", "Name", "{\"name\":\"" + i + "\"}"));
            if (i % 8 == 0) {
                say(reader, message(MessageType.CLIENT_HELLO).build());
                hellos++;
            }
        }
        writer.say("marker");
        reader.awaitFrame("marker");
        int asked = hellos;
        await().atMost(PATIENCE)
                .until(() -> parsed(reader)
                                .filter(each -> each.getType() == MessageType.SERVER_HELLO)
                                .count()
                        == asked);
        int last = 0;
        for (Message message : parsed(reader).toList()) {
            if (message.getType() == MessageType.ENTITY_UPDATE) {
                int now = counted(
                        message.getEntityUpdate().getComponentsOrThrow("Name").toStringUtf8());
                assertThat(now).as("a frame after a hello that has it").isLessThanOrEqualTo(last + 1);
                last = Math.max(last, now);
            } else if (message.getType() == MessageType.SERVER_HELLO) {
                int now = counted(message.getServerHello()
                        .getInitialState()
                        .getEntities(0)
                        .getComponentsOrThrow("Name"));
                assertThat(now)
                        .as("a hello after a frame that it does not have")
                        .isGreaterThanOrEqualTo(last);
                last = now;
            }
        }
        assertThat(last).isEqualTo(changes);
    }

    private static Stream<Message> parsed(Client client) {
        return client.got.stream().filter(frame -> frame.startsWith("0x")).map(RoomSpaceTest::parse);
    }

    private static int counted(String json) {
        return Integer.parseInt(new JsonObject(json).getString("name"));
    }

    @Test
    @DisplayName("bytes that nobody checked are no news of entities for protobuf members")
    void raw() {
        Client reader = protobuf(1, "reader");
        Client plain = cluster.relay(1, "hall-1?binary=raw");
        Client sender = cluster.relay(0, "hall-1?binary=raw");
        Message spawned = spawn("ghost", Map.of());
        say(sender, spawned);
        sender.say("marker");
        plain.awaitFrame(hex(spawned)).awaitFrame("marker");
        reader.awaitFrame("marker");
        assertThat(reader.got).doesNotContain(hex(spawned));
        assertThat(entities(1, "ghost")).isEmpty();
    }

    @Test
    @DisplayName("a room without a space relays the same frames, and nothing happens in any space")
    void without() {
        Client reader = cluster.relay(1, "other?binary=protobuf");
        Client sender = cluster.relay(0, "other?binary=protobuf");
        Message spawned = spawn("box", Map.of("NoSuchComponent", "no JSON"));
        say(sender, spawned);
        reader.awaitFrame(hex(spawned));
        assertThat(entities(0, "box")).isEmpty();
        assertThat(world(reader).getEntitiesCount()).isZero();
    }
}

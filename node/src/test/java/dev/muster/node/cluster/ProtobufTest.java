package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.muster.node.schema.RelaySchema.ChatMessage;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.schema.RelaySchema.PlayerSnapshot;
import dev.muster.node.schema.RelaySchema.PositionUpdate;
import dev.muster.node.schema.RelaySchema.PresenceEvent;
import dev.muster.node.schema.RelaySchema.ServerHello;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Protobuf members, among themselves and with everybody else, on two nodes. */
@ParameterizedClass
@EnumSource(Backend.class)
class ProtobufTest {

    /** Says "Hello 😊" as client-1. */
    private static final String CHAT_FRAME =
            "0a036d2d321080d095ffbc31181ec2021d0a08636c69656e742d31120a48656c6c6f20" + "f09f988a1880d095ffbc31";

    @Parameter
    Backend backend;

    Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(backend, 2);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Client protobuf(int node, String clientId) {
        return cluster.relay(node, "room?binary=protobuf&client_id=" + clientId);
    }

    private static Message.Builder message(MessageType type) {
        return Message.newBuilder().setMessageId("m-1").setTimestamp(5).setType(type);
    }

    private static String hex(Message message) {
        return "0x" + HexFormat.of().formatHex(message.toByteArray());
    }

    /** The protobuf messages among the frames. */
    private static List<Message> messages(Client client) {
        List<Message> messages = new ArrayList<>();
        for (String frame : client.got) {
            if (frame.startsWith("0x")) {
                try {
                    messages.add(Message.parseFrom(HexFormat.of().parseHex(frame.substring(2))));
                } catch (InvalidProtocolBufferException raw) {
                    // not one of them
                }
            }
        }
        return messages;
    }

    private static Message awaitMessage(Client client, MessageType type, String clientId) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> messages(client).stream().anyMatch(message -> isAbout(message, type, clientId)));
        return messages(client).stream()
                .filter(message -> isAbout(message, type, clientId))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isAbout(Message message, MessageType type, String clientId) {
        return message.getType() == type
                && (message.getPresenceEvent().getClientId().equals(clientId)
                        || message.getChatMessage().getFromClientId().equals(clientId));
    }

    private static String host(Message presence) {
        return presence.getPresenceEvent().getData().getHostClientId();
    }

    @Test
    @DisplayName("a chat frame goes to relay members byte for byte, and to chat as text")
    void chat() {
        Client other = protobuf(1, "other");
        Client text = cluster.relay(1, "room");
        Client john = cluster.chat(1, "room");
        john.awaitFrame("John Doe joined the room");
        Client sender = cluster.relay(0, "room?client_id=client-1&user_id=ann");

        sender.say(HexFormat.of().parseHex(CHAT_FRAME));

        other.awaitFrame("0x" + CHAT_FRAME);
        text.awaitFrame("0x" + CHAT_FRAME);
        john.awaitFrame("[ann]: Hello \uD83D\uDE0A");
        text.say("marker");
        sender.awaitFrame("marker");
        assertThat(sender.got).doesNotContain("0x" + CHAT_FRAME);
    }

    @Test
    @DisplayName("what is said in other protocols comes as a chat message, relay text as it is")
    void fromOthers() throws InvalidProtocolBufferException {
        Client reader = protobuf(0, "reader");
        Client john = cluster.chat(1, "room");
        Client text = cluster.relay(1, "room?client_id=texter");
        awaitMessage(reader, MessageType.PRESENCE_JOIN, "texter");

        john.say("from chat");
        Message said = awaitMessage(reader, MessageType.CHAT_MESSAGE, "John Doe");
        text.say("from relay");
        reader.awaitFrame("from relay");

        assertThat(said.getMessageId()).isNotEmpty();
        assertThat(said.getTimestamp())
                .isPositive()
                .isEqualTo(said.getChatMessage().getTimestamp());
        assertThat(said.getChatMessage().getMessage()).isEqualTo("from chat");
        assertThat(reader.got).noneMatch(frame -> frame.contains("from chat"));
    }

    @Test
    @DisplayName("other frames go to relay members only")
    void relayed() {
        Client john = cluster.chat(0, "room");
        john.awaitFrame("John Doe joined the room");
        Client reader = cluster.relay(1, "room?binary=raw");
        Client sender = protobuf(0, "sender");
        Message moved = message(MessageType.POSITION_UPDATE)
                .setPositionUpdate(PositionUpdate.newBuilder().setEntityId("e").setSequenceNumber(1))
                .build();
        Message spawned = message(MessageType.ENTITY_SPAWN).build();

        sender.say(moved.toByteArray()).say(spawned.toByteArray()).say("marker");

        reader.awaitFrame("marker").awaitFrame(hex(moved)).awaitFrame(hex(spawned));
        john.awaitFrame("[" + name(sender, "sender") + "]: marker");
        assertThat(john.got).noneMatch(frame -> frame.startsWith("0x"));
    }

    private String name(Client client, String clientId) {
        JsonObject stats = cluster.json(0, "/ws/room/stats");
        return stats.getJsonArray("connections").stream()
                .map(JsonObject.class::cast)
                .filter(connection -> clientId.equals(connection.getString("client_id")))
                .map(connection -> "WS-" + connection.getString("id"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("a connection is raw until its first message, then it is checked")
    void auto() {
        Client reader = cluster.relay(1, "room");
        Client sender = cluster.relay(0, "room?client_id=client-1");

        sender.say(new byte[] {1, 2, 3});
        reader.awaitFrame("0x010203");
        sender.say(HexFormat.of().parseHex(CHAT_FRAME));
        reader.awaitFrame("0x" + CHAT_FRAME);
        sender.say(new byte[] {4, 5, 6}).say("marker");
        reader.awaitFrame("marker");

        assertThat(reader.got).containsExactly("0x010203", "0x" + CHAT_FRAME, "marker");
        await().atMost(Duration.ofSeconds(20)).until(() -> !sender.got.isEmpty());
        JsonObject error = new JsonObject(sender.got.get(0));
        assertThat(error.getString("type")).isEqualTo("ERROR");
        assertThat(error.getString("code")).isEqualTo("bad_frame");
        cluster.relay(1, "room?client_id=late");
        assertThat(host(awaitMessage(sender, MessageType.PRESENCE_JOIN, "late")))
                .isNotEmpty();
    }

    @Test
    @DisplayName("raw members are never checked, but cannot make protobuf members believe the server speaks")
    void raw() {
        Client reader = protobuf(1, "reader");
        Client plain = cluster.relay(1, "room?binary=raw");
        Client sender = cluster.relay(0, "room?binary=raw");
        Message forged = message(MessageType.PRESENCE_LEAVE).build();

        sender.say(new byte[] {9}).say(forged.toByteArray()).say("marker");

        plain.awaitFrame("marker");
        reader.awaitFrame("marker");
        assertThat(plain.got).containsExactly("0x09", hex(forged), "marker");
        assertThat(reader.got).contains("0x09").doesNotContain(hex(forged));
        assertThat(sender.got).isEmpty();
    }

    @Test
    @DisplayName("forged and bad frames are answered and relayed to nobody")
    void forged() {
        Client reader = cluster.relay(1, "room");
        Client sender = protobuf(0, "sender");
        List<Message> refused = List.of(
                message(MessageType.SERVER_HELLO).build(),
                message(MessageType.PRESENCE_JOIN).build(),
                message(MessageType.PRESENCE_LEAVE).build(),
                message(MessageType.CHAT_MESSAGE)
                        .setChatMessage(ChatMessage.newBuilder().setFromClientId("reader"))
                        .build(),
                message(MessageType.PRESENCE_UPDATE)
                        .setPresenceEvent(PresenceEvent.newBuilder()
                                .setEventType(PresenceEvent.EventType.UPDATE)
                                .setClientId("reader"))
                        .build());

        refused.forEach(message -> sender.say(message.toByteArray()));
        sender.say(new byte[] {-1}).say(new byte[0]).say("marker");

        reader.awaitFrame("marker");
        assertThat(reader.got).containsExactly("marker");
        assertThat(sender.frames(7))
                .extracting(frame -> new JsonObject(frame).getString("code"))
                .containsExactly(
                        "forbidden",
                        "forbidden",
                        "forbidden",
                        "forbidden",
                        "forbidden",
                        "bad_frame",
                        "invalid_message");
        assertThat(cluster.get(0, "/metrics").body()).isNotEmpty();
    }

    @Test
    @DisplayName("a client hello is answered with the room, the id and the members in the order they came")
    void hello() {
        Client first = cluster.relay(0, "room?user_id=ann");
        Client second = cluster.open(1, "/ws/room?binary=protobuf", null);
        String invented = second.hello().getString("client_id");

        second.say(message(MessageType.CLIENT_HELLO).build().toByteArray());

        Message answer = awaitMessage(second, MessageType.SERVER_HELLO, "");
        ServerHello hello = answer.getServerHello();
        assertThat(hello.getAssignedClientId()).isEqualTo(invented);
        assertThat(hello.getRoomId()).isEqualTo("room");
        assertThat(hello.getServerVersion()).isNotEmpty();
        assertThat(hello.getInitialState().getPlayersList())
                .extracting(PlayerSnapshot::getDisplayName)
                .hasSize(2)
                .startsWith("ann");
        assertThat(hello.getInitialState().getPlayers(1).getClientId()).isEqualTo(invented);
        first.say("marker");
        second.awaitFrame("marker");
        assertThat(first.got).isEmpty();
    }

    @Test
    @DisplayName("the id that a client was given is the same in its hello, the stats, its joining and what it says")
    void inventedId() {
        Client reader = protobuf(0, "reader");
        Client other = cluster.open(1, "/ws/room", null);
        String invented = other.hello().getString("client_id");

        Message joined = awaitMessage(reader, MessageType.PRESENCE_JOIN, invented);

        assertThat(joined.getPresenceEvent().getEventType()).isEqualTo(PresenceEvent.EventType.JOIN);
        assertThat(host(joined)).isEqualTo("reader");
        assertThat(cluster.get(1, "/ws/room/stats").body()).contains(invented);
    }

    @Test
    @DisplayName("the host is who has been there longest, on whatever node and in whatever protocol")
    void host() {
        Client first = cluster.relay(0, "room?client_id=first");
        Client second = protobuf(1, "second");
        Client third = protobuf(0, "third");
        assertThat(host(awaitMessage(second, MessageType.PRESENCE_JOIN, "third")))
                .isEqualTo("first");

        first.close();

        assertThat(host(awaitMessage(second, MessageType.PRESENCE_LEAVE, "first")))
                .isEqualTo("second");
        assertThat(host(awaitMessage(third, MessageType.PRESENCE_LEAVE, "first")))
                .isEqualTo("second");
        Client john = cluster.chat(1, "room");
        assertThat(host(awaitMessage(third, MessageType.PRESENCE_JOIN, "John Doe")))
                .isEqualTo("second");
        second.close();
        assertThat(host(awaitMessage(third, MessageType.PRESENCE_LEAVE, "second")))
                .isEqualTo("third");
        john.close();
        assertThat(host(awaitMessage(third, MessageType.PRESENCE_LEAVE, "John Doe")))
                .isEqualTo("third");
        assertThat(messages(third).stream().filter(message -> message.getType() == MessageType.PRESENCE_JOIN))
                .as("nobody hears of its own joining")
                .hasSize(1);
    }

    @Test
    @DisplayName("a way of binary frames that does not exist is refused by name")
    void mode() {
        assertThat(cluster.get(0, "/ws/room?binary=xml").statusCode()).isBetween(400, 499);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> cluster.open(0, "/ws/room?binary=xml", null))
                .hasMessageContaining("400");
    }
}

package dev.muster.node.protocol.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.schema.RelaySchema.ChatMessage;
import dev.muster.node.schema.RelaySchema.ClientHello;
import dev.muster.node.schema.RelaySchema.EntitySpawn;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.schema.RelaySchema.PositionUpdate;
import dev.muster.node.schema.RelaySchema.PresenceData;
import dev.muster.node.schema.RelaySchema.PresenceEvent;
import dev.muster.node.schema.RelaySchema.ServerHello;
import dev.muster.node.schema.RelaySchema.Vector3;
import dev.muster.node.schema.RelaySchema.VoiceData;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufFrameTest {

    private static final byte[] OWN = "me".getBytes(StandardCharsets.UTF_8);

    private static Message.Builder message(MessageType type) {
        return Message.newBuilder().setMessageId("m").setTimestamp(1).setType(type);
    }

    private static Message.Builder chat(String from) {
        return message(MessageType.CHAT_MESSAGE)
                .setChatMessage(ChatMessage.newBuilder().setFromClientId(from).setMessage("hi"));
    }

    private static Message.Builder presence(MessageType type, PresenceEvent.EventType event, String of) {
        return message(type)
                .setPresenceEvent(PresenceEvent.newBuilder().setClientId(of).setEventType(event));
    }

    private static ProtobufFrame look(byte[] frame) {
        return ProtobufFrame.of(Buffer.buffer(frame), OWN);
    }

    private static byte[] joined(byte[]... parts) {
        Buffer all = Buffer.buffer();
        for (byte[] part : parts) {
            all.appendBytes(part);
        }
        return all.getBytes();
    }

    static Stream<Arguments> good() {
        return Stream.of(
                arguments(chat("me"), ProtobufFrame.Kind.CHAT),
                arguments(chat(""), ProtobufFrame.Kind.CHAT),
                arguments(
                        message(MessageType.CHAT_MESSAGE).setChatMessage(ChatMessage.getDefaultInstance()),
                        ProtobufFrame.Kind.CHAT),
                arguments(message(MessageType.CLIENT_HELLO), ProtobufFrame.Kind.HELLO),
                arguments(
                        message(MessageType.UNKNOWN)
                                .setClientHello(ClientHello.newBuilder().setAuthToken("secret")),
                        ProtobufFrame.Kind.HELLO),
                arguments(
                        message(MessageType.POSITION_UPDATE)
                                .setPositionUpdate(PositionUpdate.newBuilder()
                                        .setEntityId("e")
                                        .setPosition(Vector3.newBuilder().setX(1))),
                        ProtobufFrame.Kind.FAST),
                arguments(
                        message(MessageType.VOICE_DATA)
                                .setVoiceData(
                                        VoiceData.newBuilder().setAudioData(ByteString.copyFrom(new byte[] {-1, 0}))),
                        ProtobufFrame.Kind.FAST),
                arguments(
                        message(MessageType.ENTITY_SPAWN)
                                .setEntitySpawn(EntitySpawn.newBuilder()
                                        .setEntityId("e")
                                        .putComponents("Color", "\"red\"")),
                        ProtobufFrame.Kind.RELAYED),
                arguments(message(MessageType.UNKNOWN), ProtobufFrame.Kind.RELAYED),
                arguments(message(MessageType.UNKNOWN).setTypeValue(4711), ProtobufFrame.Kind.RELAYED),
                arguments(
                        presence(MessageType.PRESENCE_UPDATE, PresenceEvent.EventType.UPDATE, "me"),
                        ProtobufFrame.Kind.RELAYED),
                arguments(
                        presence(MessageType.PRESENCE_UPDATE, PresenceEvent.EventType.UPDATE, ""),
                        ProtobufFrame.Kind.RELAYED),
                arguments(
                        presence(MessageType.PRESENCE_UPDATE, PresenceEvent.EventType.JOIN, "me"),
                        ProtobufFrame.Kind.RELAYED));
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("a message goes where its type says")
    void good(Message.Builder message, ProtobufFrame.Kind kind) {
        ProtobufFrame looked = look(message.build().toByteArray());

        assertThat(looked.isMessage()).isTrue();
        assertThat(looked.kind()).as(looked.problem()).isEqualTo(kind);
    }

    static Stream<Arguments> forged() {
        byte[] chat = chat("me").build().toByteArray();
        byte[] hello = Message.newBuilder()
                .setServerHello(ServerHello.getDefaultInstance())
                .build()
                .toByteArray();
        byte[] others = Message.newBuilder()
                .setChatMessage(ChatMessage.newBuilder().setFromClientId("them"))
                .build()
                .toByteArray();
        PresenceEvent.Builder naming = PresenceEvent.newBuilder()
                .setEventType(PresenceEvent.EventType.UPDATE)
                .setData(PresenceData.newBuilder().setHostClientId("me"));
        return Stream.of(
                arguments(
                        "type hello", message(MessageType.SERVER_HELLO).build().toByteArray()),
                arguments(
                        "type join", message(MessageType.PRESENCE_JOIN).build().toByteArray()),
                arguments(
                        "type leave",
                        message(MessageType.PRESENCE_LEAVE).build().toByteArray()),
                arguments(
                        "own join",
                        presence(MessageType.PRESENCE_JOIN, PresenceEvent.EventType.JOIN, "me")
                                .build()
                                .toByteArray()),
                arguments(
                        "hello in another type",
                        message(MessageType.ENTITY_SPAWN)
                                .setServerHello(ServerHello.getDefaultInstance())
                                .build()
                                .toByteArray()),
                arguments("hello before the payload that counts", joined(hello, chat)),
                arguments("hello after", joined(chat, hello)),
                arguments(
                        "leave in an update",
                        presence(MessageType.PRESENCE_UPDATE, PresenceEvent.EventType.LEAVE, "me")
                                .build()
                                .toByteArray()),
                arguments(
                        "event without a type in another type",
                        presence(MessageType.UNKNOWN, PresenceEvent.EventType.JOIN, "me")
                                .build()
                                .toByteArray()),
                arguments(
                        "update of somebody else",
                        presence(MessageType.PRESENCE_UPDATE, PresenceEvent.EventType.UPDATE, "them")
                                .build()
                                .toByteArray()),
                arguments(
                        "naming the host",
                        message(MessageType.PRESENCE_UPDATE)
                                .setPresenceEvent(naming)
                                .build()
                                .toByteArray()),
                arguments("chat of somebody else", chat("them").build().toByteArray()),
                arguments("chat of somebody like me", chat("mf").build().toByteArray()),
                arguments("somebody else first, then me", joined(others, chat)),
                arguments("me first, then somebody else", joined(chat, others)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("what only the server says, and what speaks for others, is forbidden")
    void forged(String what, byte[] frame) {
        ProtobufFrame looked = look(frame);

        assertThat(looked.isMessage()).isTrue();
        assertThat(looked.kind()).isEqualTo(ProtobufFrame.Kind.REFUSED);
        assertThat(looked.code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(looked.isForged()).isTrue();
    }

    @Test
    @DisplayName("what anybody could take for news of an entity is known by its type and by what is inside")
    void aboutEntities() {
        Message.Builder spawn = message(MessageType.ENTITY_SPAWN)
                .setEntitySpawn(EntitySpawn.newBuilder().setEntityId("e"));
        byte[] whole = spawn.build().toByteArray();
        assertThat(look(whole).isAboutEntities()).isTrue();
        assertThat(look(whole).onlyPayload()).isEqualTo(Message.ENTITY_SPAWN_FIELD_NUMBER);
        assertThat(look(joined(whole, chat("me").build().toByteArray())).isAboutEntities())
                .isTrue();
        assertThat(look(joined(whole, whole)).onlyPayload()).isZero();
        for (MessageType type :
                List.of(MessageType.ENTITY_SPAWN, MessageType.ENTITY_UPDATE, MessageType.ENTITY_DESPAWN)) {
            assertThat(look(message(type).build().toByteArray()).isAboutEntities())
                    .isTrue();
            assertThat(look(message(type).build().toByteArray()).onlyPayload()).isZero();
        }
        assertThat(look(chat("me").build().toByteArray()).isAboutEntities()).isFalse();
        assertThat(look(message(MessageType.POSITION_UPDATE).build().toByteArray())
                        .isAboutEntities())
                .isFalse();
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                arguments(chat("me").clearMessageId(), "message_id"),
                arguments(chat("me").clearTimestamp(), "timestamp"),
                arguments(chat("me").setTimestamp(-1), "timestamp"),
                arguments(message(MessageType.CHAT_MESSAGE), "chat_message"),
                arguments(
                        message(MessageType.CHAT_MESSAGE).setPositionUpdate(PositionUpdate.getDefaultInstance()),
                        "chat_message"));
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("a message that lacks something is told what")
    void invalid(Message.Builder message, String named) {
        ProtobufFrame looked = look(message.build().toByteArray());

        assertThat(looked.kind()).isEqualTo(ProtobufFrame.Kind.REFUSED);
        assertThat(looked.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(looked.problem()).contains(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff", // a tag that goes on
                "00", // field 0
                "0a", // no length
                "0a05616263", // cut
                "0affffffff0f", // a negative length
                "0affffffff07", // 2 GiB
                "0a02c328", // not UTF-8
                "10ffffffffffffffffffff01", // a number of eleven bytes
                "0f", // a wire type that does not exist
                "0c", // the end of a group
                "a306", // a group without an end
                "c20203" + "0a0500", // a text that ends after its message
                "c202040a02c328", // not UTF-8 inside
                "c20202ff" // cut inside
            })
    @DisplayName("what is no message at all is a bad frame")
    void bad(String hex) {
        ProtobufFrame looked = look(HexFormat.of().parseHex(hex));

        assertThat(looked.isMessage()).isFalse();
        assertThat(looked.code()).isEqualTo(ErrorCode.BAD_FRAME);
    }

    @Test
    @DisplayName("an empty frame is a message without an id")
    void empty() {
        ProtobufFrame looked = look(new byte[0]);

        assertThat(looked.isMessage()).isFalse();
        assertThat(looked.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
    }

    private static final List<byte[]> SEEDS = Stream.concat(
                    good().map(arguments ->
                            ((Message.Builder) arguments.get()[0]).build().toByteArray()),
                    forged().map(arguments -> (byte[]) arguments.get()[1]))
            .toList();

    @Property(tries = 5000)
    void takesForAMessageWhatTheGeneratedParserTakesForOne(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] frame = SEEDS.get(random.nextInt(SEEDS.size())).clone();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            frame = changed(frame, random);
        }
        compare(frame);
    }

    @Property(tries = 5000)
    void neverThrowsForAnyBytes(@ForAll @Size(max = 60) byte[] frame) {
        compare(frame);
    }

    private static byte[] changed(byte[] frame, Random random) {
        int at = random.nextInt(frame.length + 1);
        byte[] head = Arrays.copyOf(frame, at);
        byte[] tail = Arrays.copyOfRange(frame, at, frame.length);
        return switch (random.nextInt(4)) {
            case 0 -> head;
            case 1 -> joined(head, new byte[] {(byte) random.nextInt()}, tail);
            case 2 -> joined(frame, SEEDS.get(random.nextInt(SEEDS.size())));
            default -> {
                byte[] flipped = frame.clone();
                if (at < flipped.length) {
                    flipped[at] = (byte) random.nextInt();
                }
                yield flipped;
            }
        };
    }

    private static void compare(byte[] frame) {
        ProtobufFrame looked = look(frame);
        boolean isMessage;
        boolean parses;
        try {
            Message parsed = Message.parseFrom(frame);
            parses = true;
            isMessage = !parsed.getMessageId().isEmpty() && parsed.getTimestamp() > 0;
            if (looked.kind() == ProtobufFrame.Kind.CHAT) {
                assertThat(parsed.getChatMessage().getFromClientId()).isIn("", "me");
            }
        } catch (InvalidProtocolBufferException malformed) {
            parses = false;
            isMessage = false;
        }
        assertThat(looked.code() != ErrorCode.BAD_FRAME)
                .as("parses %s", HexFormat.of().formatHex(frame))
                .isEqualTo(parses);
        assertThat(looked.isMessage())
                .as("is a message %s", HexFormat.of().formatHex(frame))
                .isEqualTo(isMessage);
    }
}

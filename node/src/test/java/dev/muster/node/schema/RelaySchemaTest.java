package dev.muster.node.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.muster.node.schema.RelaySchema.ChatMessage;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The numbers that clients rely on. A change here is a change of the wire. */
class RelaySchemaTest {

    /** A chat frame as other implementations write it. */
    private static final String CHAT_FRAME =
            "0a036d2d321080d095ffbc31181ec2021d0a08636c69656e742d31120a48656c6c6f20" + "f09f988a1880d095ffbc31";

    private static final String MESSAGES = """
            Message message_id=1:string timestamp=2:int64 type=3:enum client_hello=10:message server_hello=11:message \
            position_update=20:message voice_data=21:message entity_spawn=30:message entity_update=31:message \
            entity_despawn=32:message chat_message=40:message presence_event=50:message
            Vector3 x=1:float y=2:float z=3:float
            Quaternion x=1:float y=2:float z=3:float w=4:float
            ClientHello client_id=1:string display_name=2:string auth_token=3:string requested_room=4:string
            ServerHello server_version=1:string assigned_client_id=2:string room_id=3:string initial_state=4:message
            PositionUpdate entity_id=1:string position=2:message rotation=3:message sequence_number=4:uint32
            VoiceData from_client_id=1:string audio_data=2:bytes sequence_number=3:int32 codec=4:enum
            EntitySpawn entity_id=1:string template_id=2:string owner_id=3:string components=4:message
            EntityUpdate entity_id=1:string components=2:message
            EntityDespawn entity_id=1:string
            ChatMessage from_client_id=1:string message=2:string timestamp=3:int64 type=4:enum
            PresenceEvent client_id=1:string event_type=2:enum data=3:message
            PresenceData display_name=1:string avatar_url=2:string position=3:message rotation=4:message \
            avatar_config=5:message host_client_id=6:string
            AvatarConfig body_type=1:string primary_color=2:string secondary_color=3:string height=4:float \
            custom_model_url=5:string
            WorldState entities=1:message players=2:message last_update=3:int64
            EntitySnapshot id=1:string template_id=2:string position=3:message rotation=4:message components=5:message
            PlayerSnapshot client_id=1:string display_name=2:string avatar_url=3:string position=4:message \
            rotation=5:message avatar_config=6:message
            """;

    @Test
    @DisplayName("a frame of another implementation is read, and written byte for byte")
    void chatFrame() throws InvalidProtocolBufferException {
        byte[] bytes = HexFormat.of().parseHex(CHAT_FRAME);

        Message message = Message.parseFrom(bytes);

        assertThat(message)
                .isEqualTo(Message.newBuilder()
                        .setMessageId("m-2")
                        .setTimestamp(1_700_000_000_000L)
                        .setType(MessageType.CHAT_MESSAGE)
                        .setChatMessage(ChatMessage.newBuilder()
                                .setFromClientId("client-1")
                                .setMessage("Hello \uD83D\uDE0A")
                                .setTimestamp(1_700_000_000_000L))
                        .build());
        assertThat(message.toByteArray()).isEqualTo(bytes);
    }

    @Test
    @DisplayName("fields have their numbers and names")
    void numbers() {
        assertThat(RelaySchema.getDescriptor().getMessageTypes().stream().map(RelaySchemaTest::shown))
                .containsExactlyInAnyOrderElementsOf(MESSAGES.lines().toList());
    }

    @Test
    @DisplayName("enum values have their numbers and names")
    void enums() {
        assertThat(shown(MessageType.getDescriptor()))
                .isEqualTo("UNKNOWN=0 CLIENT_HELLO=1 SERVER_HELLO=2 POSITION_UPDATE=10 VOICE_DATA=11 ENTITY_SPAWN=20"
                        + " ENTITY_UPDATE=21 ENTITY_DESPAWN=22 CHAT_MESSAGE=30 PRESENCE_JOIN=40 PRESENCE_LEAVE=41"
                        + " PRESENCE_UPDATE=42");
        assertThat(shown(RelaySchema.VoiceData.Codec.getDescriptor())).isEqualTo("OPUS=0 PCMU=1 PCMA=2");
        assertThat(shown(ChatMessage.ChatType.getDescriptor())).isEqualTo("NORMAL=0 WHISPER=1 SHOUT=2");
        assertThat(shown(RelaySchema.PresenceEvent.EventType.getDescriptor())).isEqualTo("JOIN=0 LEAVE=1 UPDATE=2");
    }

    private static String shown(Descriptor type) {
        return type.getName()
                + type.getFields().stream().map(RelaySchemaTest::shown).collect(Collectors.joining());
    }

    private static String shown(FieldDescriptor field) {
        return " " + field.getName() + "=" + field.getNumber() + ":"
                + field.getType().name().toLowerCase(Locale.ROOT);
    }

    private static String shown(EnumDescriptor type) {
        return type.getValues().stream()
                .map(value -> value.getName() + "=" + value.getNumber())
                .collect(Collectors.joining(" "));
    }
}

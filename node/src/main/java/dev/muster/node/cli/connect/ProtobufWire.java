package dev.muster.node.cli.connect;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import dev.muster.node.schema.RelaySchema.ChatMessage;
import dev.muster.node.schema.RelaySchema.ClientHello;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.schema.RelaySchema.PresenceData;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The relay's checked protobuf frames. */
final class ProtobufWire extends RelayWire {

    /** Entities of a hello that are shown. */
    private static final int MAX_SHOWN = 10;

    private final String room;
    private final @Nullable String name;

    ProtobufWire(String room, @Nullable String name) {
        super(name);
        this.room = room;
        this.name = name;
    }

    @Override
    public Map<String, String> query() {
        Map<String, String> query = super.query();
        query.put("binary", "protobuf");
        return query;
    }

    @Override
    public List<Frame> opening() {
        ClientHello.Builder hello = ClientHello.newBuilder().setRequestedRoom(room);
        if (name != null) {
            hello.setDisplayName(name);
        }
        return List.of(
                frame(message(MessageType.CLIENT_HELLO).setClientHello(hello).build()));
    }

    @Override
    public Frame typed(String line) {
        Message.Builder message = message(MessageType.CHAT_MESSAGE);
        return frame(
                message.setChatMessage(ChatMessage.newBuilder().setMessage(line).setTimestamp(message.getTimestamp()))
                        .build());
    }

    private static Message.Builder message(MessageType type) {
        return Message.newBuilder()
                .setMessageId(UUID.randomUUID().toString())
                .setTimestamp(System.currentTimeMillis())
                .setType(type);
    }

    private static Frame frame(Message message) {
        return Frame.binary(message.toByteArray());
    }

    @Override
    public void received(Frame frame, Output output) {
        if (frame.isText()) {
            super.received(frame, output);
        } else {
            output.print(shown(frame.payload()));
        }
    }

    private static String shown(Buffer bytes) {
        try {
            return shown(Message.parseFrom(bytes.getBytes()));
        } catch (InvalidProtocolBufferException raw) {
            return Visible.bytes(bytes);
        }
    }

    private static String shown(Message message) {
        PresenceData presence = message.getPresenceEvent().getData();
        String who =
                presence.getDisplayName() + " (" + message.getPresenceEvent().getClientId() + ")";
        String host = presence.getHostClientId().isEmpty() ? "" : ", host " + presence.getHostClientId();
        return switch (message.getType()) {
            case CHAT_MESSAGE ->
                "[" + message.getChatMessage().getFromClientId() + "]: "
                        + message.getChatMessage().getMessage();
            case PRESENCE_JOIN -> "* " + who + " joined" + host;
            case PRESENCE_LEAVE -> "* " + who + " left" + host;
            case SERVER_HELLO -> hello(message);
            default -> line(message);
        };
    }

    /** Without what is in the room's space, if that is more than people read. */
    private static String hello(Message message) {
        int entities = message.getServerHello().getInitialState().getEntitiesCount();
        if (entities <= MAX_SHOWN) {
            return line(message);
        }
        Message.Builder shorter = message.toBuilder();
        shorter.getServerHelloBuilder().getInitialStateBuilder().clearEntities();
        return line(shorter.build()) + " and " + entities + " entities";
    }

    private static String line(Message message) {
        return TextFormat.printer()
                .escapingNonAscii(false)
                .emittingSingleLine(true)
                .printToString(message);
    }
}

package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Framing;
import dev.muster.node.protocol.Form;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.RoomEvent;
import dev.muster.node.room.Sender;
import dev.muster.node.schema.RelaySchema.ChatMessage;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.node.schema.RelaySchema.PresenceData;
import dev.muster.node.schema.RelaySchema.PresenceEvent;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ContentType;
import dev.muster.registry.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events as protobuf members see them: what relay members send as it is, and what people say elsewhere, who comes and
 * who goes as protobuf.
 */
final class ProtobufEncoder implements Encoder {

    static final ProtobufEncoder INSTANCE = new ProtobufEncoder(false, false);

    /** For rooms that have a space: what is said about entities there has to have been done. */
    static final ProtobufEncoder WITH_SPACE = new ProtobufEncoder(true, false);

    /** The same for a member that is being told what is in the space: the room's frames come after that. */
    static final ProtobufEncoder HELD = new ProtobufEncoder(true, true);

    private static final byte[] NOBODY = {};

    private final boolean hasSpace;

    private final boolean personal;

    private ProtobufEncoder(boolean hasSpace, boolean personal) {
        this.hasSpace = hasSpace;
        this.personal = personal;
    }

    @Override
    public boolean isPersonal() {
        return personal;
    }

    @Override
    public boolean echoes() {
        return false;
    }

    @Override
    public @Nullable ByteBuf encode(RoomEvent event, Framing framing) {
        if (event instanceof RoomEvent.Message message) {
            return message(message, framing);
        }
        Message told = presence(event);
        return told == null ? RelayEncoder.INSTANCE.encode(event, framing) : frame(told, framing);
    }

    private @Nullable ByteBuf message(RoomEvent.Message message, Framing framing) {
        if (message.contentType() == ContentType.TEXT && Form.SAID.equals(message.form())) {
            return frame(said(message, message.payload().toString()), framing);
        }
        if (Form.isBytes(message) && isForged(message)) {
            return null;
        }
        return RelayEncoder.INSTANCE.encode(message, framing);
    }

    /**
     * Nobody checks bytes, and members that send them need not know that others read them as protobuf. But of some frames
     * a protobuf member may believe that the server vouches for them.
     */
    private boolean isForged(RoomEvent.Message message) {
        ProtobufFrame looked = ProtobufFrame.of(message.payload(), NOBODY);
        boolean isUndone = hasSpace && message.sender() != null && looked.isMessage() && looked.isAboutEntities();
        return isUndone || looked.isForged();
    }

    private static Message said(RoomEvent.Message message, String text) {
        Sender sender = message.sender();
        return Message.newBuilder()
                .setMessageId(id(message.id()))
                .setTimestamp(message.timestamp())
                .setType(MessageType.CHAT_MESSAGE)
                .setChatMessage(ChatMessage.newBuilder()
                        .setFromClientId(sender == null ? message.author() : clientId(sender))
                        .setMessage(text)
                        .setTimestamp(message.timestamp()))
                .build();
    }

    private static @Nullable Message presence(RoomEvent event) {
        if (event instanceof RoomEvent.Joined joined) {
            PresenceEvent.Builder what = presence(PresenceEvent.EventType.JOIN, joined.member(), joined.eldest());
            return presence(MessageType.PRESENCE_JOIN, id(joined.position()), joined.timestamp(), what);
        }
        if (event instanceof RoomEvent.Left left) {
            PresenceEvent.Builder what = presence(PresenceEvent.EventType.LEAVE, left.member(), left.eldest());
            return presence(MessageType.PRESENCE_LEAVE, id(left.position()), left.timestamp(), what);
        }
        if (event instanceof RoomEvent.EldestCorrected corrected) {
            PresenceEvent.Builder what =
                    presence(PresenceEvent.EventType.UPDATE, corrected.member(), corrected.member());
            return presence(MessageType.PRESENCE_UPDATE, id((String) null), corrected.timestamp(), what);
        }
        return null;
    }

    private static PresenceEvent.Builder presence(
            PresenceEvent.EventType what, ConnectionRecord member, @Nullable ConnectionRecord host) {
        Sender who = Sender.of(member);
        PresenceData.Builder data = PresenceData.newBuilder().setDisplayName(who.displayName());
        if (host != null) {
            data.setHostClientId(clientId(Sender.of(host)));
        }
        return PresenceEvent.newBuilder()
                .setClientId(clientId(who))
                .setEventType(what)
                .setData(data);
    }

    private static Message presence(MessageType type, String id, long timestamp, PresenceEvent.Builder what) {
        return Message.newBuilder()
                .setMessageId(id)
                .setTimestamp(timestamp)
                .setType(type)
                .setPresenceEvent(what)
                .build();
    }

    /** What protobuf members call somebody. */
    static String clientId(Sender who) {
        String clientId = who.clientId();
        return clientId == null ? who.displayName() : clientId;
    }

    private static String id(@Nullable String id) {
        return id == null ? UUID.randomUUID().toString() : id;
    }

    private static String id(Position position) {
        return position.epoch() + "-" + position.offset();
    }

    private static ByteBuf frame(Message message, Framing framing) {
        return framing.binary(Unpooled.wrappedBuffer(message.toByteArray()));
    }
}

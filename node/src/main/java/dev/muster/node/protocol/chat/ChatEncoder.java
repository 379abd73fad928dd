package dev.muster.node.protocol.chat;

import dev.muster.node.connection.Framing;
import dev.muster.node.protocol.AckEnvelope;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Form;
import dev.muster.node.protocol.Payload;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.RoomEvent;
import dev.muster.node.room.Sender;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ContentType;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Events as chat members see them: lines of text, and bytes as they are. */
final class ChatEncoder implements Encoder {

    static final ChatEncoder INSTANCE = new ChatEncoder();

    private ChatEncoder() {}

    @Override
    public boolean echoes() {
        return true;
    }

    @Override
    public @Nullable ByteBuf encode(RoomEvent event, Framing framing) {
        if (event instanceof RoomEvent.Message message && Form.isBytes(message)) {
            return framing.binary(Payload.of(message.payload()));
        }
        String line = line(event);
        return line == null ? null : framing.text(Payload.utf8(line));
    }

    /** What those see who acknowledge what they get: texts without the sender's name, which is beside it. */
    static AckEnvelope.@Nullable Content content(RoomEvent event) {
        if (event instanceof RoomEvent.Message message) {
            String text = Form.text(message);
            if (text != null) {
                return AckEnvelope.Content.text(text);
            }
            return Form.isBytes(message) ? AckEnvelope.Content.of(message) : null;
        }
        String line = line(event);
        return line == null
                ? null
                : new AckEnvelope.Content(
                        ContentType.TEXT, Buffer.buffer(line), event instanceof RoomEvent.Joined ? "joined" : "left");
    }

    private static @Nullable String line(RoomEvent event) {
        if (event instanceof RoomEvent.Message message) {
            String text = Form.text(message);
            return text == null ? null : "[" + message.author() + "]: " + text;
        }
        if (event instanceof RoomEvent.Joined joined) {
            return comesAndGoes(joined.member(), " joined the room");
        }
        if (event instanceof RoomEvent.Left left) {
            return comesAndGoes(left.member(), " left the room");
        }
        return event instanceof RoomEvent.Reset ? "! " + ErrorCode.INSUFFICIENT_STATE.sentence() : null;
    }

    /** Of those without a name or a user id nothing is said. */
    private static @Nullable String comesAndGoes(ConnectionRecord member, String what) {
        Sender who = Sender.of(member);
        return who.isNamed() ? who.displayName() + what : null;
    }
}

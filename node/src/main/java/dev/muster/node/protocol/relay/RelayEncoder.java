package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Framing;
import dev.muster.node.protocol.AckEnvelope;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Form;
import dev.muster.node.protocol.Json;
import dev.muster.node.protocol.Payload;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.RoomEvent;
import dev.muster.registry.ContentType;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Events as relay members see them: each other's frames as they are, and what people say elsewhere as JSON. */
final class RelayEncoder implements Encoder {

    static final RelayEncoder INSTANCE = new RelayEncoder();

    private RelayEncoder() {}

    @Override
    public boolean echoes() {
        return false;
    }

    @Override
    public @Nullable ByteBuf encode(RoomEvent event, Framing framing) {
        if (event instanceof RoomEvent.Message message) {
            return message(message, framing);
        }
        if (event instanceof RoomEvent.Reset) {
            ErrorCode code = ErrorCode.INSUFFICIENT_STATE;
            return framing.text(Payload.utf8(Json.error(code, code.sentence())));
        }
        return null;
    }

    /** What those see who acknowledge what they get: each other's frames, and what people say elsewhere as text. */
    static AckEnvelope.@Nullable Content content(RoomEvent event) {
        if (!(event instanceof RoomEvent.Message message)) {
            return null;
        }
        if (Form.isRelayFrame(message) || message.contentType() == ContentType.BINARY) {
            return AckEnvelope.Content.of(message);
        }
        String text = Form.text(message);
        return text == null ? null : AckEnvelope.Content.text(text);
    }

    private static @Nullable ByteBuf message(RoomEvent.Message message, Framing framing) {
        if (Form.isRelayFrame(message)) {
            return framing.text(Payload.of(message.payload()));
        }
        if (message.contentType() == ContentType.BINARY) {
            return framing.binary(Payload.of(message.payload()));
        }
        String text = Form.text(message);
        return text == null ? null : framing.text(said(message, text));
    }

    private static ByteBuf said(RoomEvent.Message message, String text) {
        return Json.object(generator -> {
            generator.writeStringField("type", "CHAT_MESSAGE");
            generator.writeStringField("id", message.id());
            generator.writeStringField("from", message.author());
            generator.writeStringField("text", text);
            generator.writeNumberField("timestamp", message.timestamp());
        });
    }
}

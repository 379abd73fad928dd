package dev.muster.node.protocol.packet;

import dev.muster.node.connection.Framing;
import dev.muster.node.protocol.Form;
import dev.muster.node.protocol.Payload;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.RoomEvent;
import dev.muster.registry.ContentType;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Events as packet members see them: what people say, and nothing else. */
final class PacketEncoder implements Encoder {

    static final PacketEncoder INSTANCE = new PacketEncoder();

    private PacketEncoder() {}

    @Override
    public boolean echoes() {
        return false;
    }

    @Override
    public @Nullable ByteBuf encode(RoomEvent event, Framing framing) {
        if (!(event instanceof RoomEvent.Message message)) {
            return null;
        }
        ByteBuf text = text(message);
        if (text == null) {
            return null;
        }
        ByteBuf author = Payload.utf8(message.author());
        try {
            return framing.binary(Packet.of(PacketType.NEW_CHAT_MESSAGE, author, text));
        } finally {
            author.release();
            text.release();
        }
    }

    /** Text is UTF-8 already, and stays it. */
    private static @Nullable ByteBuf text(RoomEvent.Message message) {
        if (message.contentType() == ContentType.TEXT) {
            return Payload.of(message.payload());
        }
        String text = Form.text(message);
        return text == null ? null : Payload.utf8(text);
    }
}

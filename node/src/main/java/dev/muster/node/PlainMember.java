package dev.muster.node;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Framing;
import dev.muster.node.protocol.Payload;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.Member;
import dev.muster.node.room.RoomEvent;
import dev.muster.registry.ContentType;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A connection of an application's own handler in a room: it gets messages as they are, text as text and bytes as
 * bytes, its own too, and is told of nothing else.
 */
record PlainMember(Connection connection) implements Member {

    private static final Encoder ENCODER = new PlainEncoder();

    @Override
    public Encoder encoder() {
        return ENCODER;
    }

    private static final class PlainEncoder implements Encoder {
        @Override
        public @Nullable ByteBuf encode(RoomEvent event, Framing framing) {
            if (!(event instanceof RoomEvent.Message message)) {
                return null;
            }
            ByteBuf payload = Payload.of(message.payload());
            return message.contentType() == ContentType.BINARY ? framing.binary(payload) : framing.text(payload);
        }

        @Override
        public boolean echoes() {
            return true;
        }
    }
}

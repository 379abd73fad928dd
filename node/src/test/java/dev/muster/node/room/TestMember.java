package dev.muster.node.room;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Framing;
import dev.muster.registry.Position;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** A member whose frames name the kind and the offset of each event: {@code m3}, {@code j4}, {@code l5}, {@code reset 9}. */
record TestMember(Connection connection, Encoder encoder) implements Member {

    /** Shows everything; echoes. */
    static final Encoder ECHOING = new TestEncoder(true);

    /** Shows everything; does not echo. */
    static final Encoder SILENT = new TestEncoder(false);

    private record TestEncoder(boolean echoes) implements Encoder {
        @Override
        public ByteBuf encode(RoomEvent event, Framing framing) {
            Position position = event.position();
            String at = position == null ? "" : Long.toString(position.offset());
            String frame = switch (kind(event)) {
                case 'm' ->
                    "m" + (at.isEmpty() ? ((RoomEvent.Message) event).payload().toString() : at);
                case 'r' -> "reset " + at;
                default -> kind(event) + at;
            };
            return framing.text(Unpooled.copiedBuffer(frame, StandardCharsets.UTF_8));
        }

        private static char kind(RoomEvent event) {
            if (event instanceof RoomEvent.Message) {
                return 'm';
            } else if (event instanceof RoomEvent.Joined) {
                return 'j';
            } else if (event instanceof RoomEvent.Left) {
                return 'l';
            }
            return event instanceof RoomEvent.Reset ? 'r' : 'x';
        }
    }

    @Override
    public void welcome(String room, Position at) {
        connection.sendText("welcome " + at.offset());
    }
}

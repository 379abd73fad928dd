package dev.muster.node.protocol.chat;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.protocol.AckEnvelope;
import dev.muster.node.protocol.AckFrame;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.Entrant;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Hellos;
import dev.muster.node.protocol.Notices;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.RoomMember;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.Sender;
import dev.muster.node.session.Hello;
import dev.muster.node.session.Miss;
import dev.muster.registry.ContentType;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Handles chat connections: each is in the room of its path, under the name its token gives it. */
final class ChatHandler implements SocketHandler {

    private final ProtocolContext context;
    private final AckEnvelope acked = new AckEnvelope(ChatProtocol.NAME, ChatEncoder::content, true, true);

    ChatHandler(ProtocolContext context) {
        this.context = context;
    }

    private static final class ChatMember extends Entrant {
        ChatMember(ProtocolContext context, Connection connection) {
            super(context, connection);
        }

        @Override
        public Encoder encoder() {
            return ChatEncoder.INSTANCE;
        }

        @Override
        protected void greet(String room, @Nullable Hello hello) {
            connection().sendText("Welcome " + Sender.of(connection()).displayName() + " to " + room + "!");
            if (hello == null) {
                return;
            }
            Miss reason = hello.reason();
            if (hello.resume() != null) {
                connection().sendText(Hellos.frame(hello));
            } else if (reason != null) {
                connection().sendText("! no history: " + reason.code());
            }
        }
    }

    @Override
    public Future<Void> onConnect(Connection connection) {
        String room = connection.handshake().parameter(Checks.ROOM);
        return RoomMember.enter(context, new ChatMember(context, connection), room, acked);
    }

    @Override
    public void onMessage(Connection connection, Message message) {
        RoomMember self = RoomMember.of(connection);
        if (self.takesAck(message, (code, sentence) -> refuse(connection, code, sentence))) {
            return;
        }
        self.publish(
                context.rooms(),
                message.isText() ? ContentType.TEXT : ContentType.BINARY,
                message.payload(),
                message.isText() ? self.saidHeaders() : self.headers(),
                code -> refuse(connection, code, code.sentence()));
    }

    @Override
    public boolean isControl(Message message) {
        return AckFrame.isLikely(message);
    }

    @Override
    public void onNotice(Connection connection, Notice notice) {
        String line = Notices.line(notice);
        if (line != null) {
            context.badInput().count(ChatProtocol.NAME, ErrorCode.RATE_LIMITED);
            connection.sendText(line);
        }
    }

    private void refuse(Connection connection, ErrorCode code, String sentence) {
        context.badInput().count(ChatProtocol.NAME, code);
        connection.sendText("! " + sentence);
    }
}

package dev.muster.node.protocol.chat;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Notices;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.RoomMember;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.Member;
import dev.muster.node.room.Sender;
import dev.muster.registry.ContentType;
import dev.muster.registry.Position;
import io.vertx.core.Future;

/** Handles chat connections: each is in the room of its path, under the name its token gives it. */
final class ChatHandler implements SocketHandler {

    private final ProtocolContext context;

    ChatHandler(ProtocolContext context) {
        this.context = context;
    }

    private record ChatMember(Connection connection) implements Member {
        @Override
        public Encoder encoder() {
            return ChatEncoder.INSTANCE;
        }

        @Override
        public void welcome(String room, Position at) {
            connection.sendText("Welcome " + Sender.of(connection).displayName() + " to " + room + "!");
        }
    }

    @Override
    public Future<Void> onConnect(Connection connection) {
        String room = connection.handshake().parameter(Checks.ROOM);
        return new RoomMember(new ChatMember(connection), room).enter(context.rooms());
    }

    @Override
    public void onMessage(Connection connection, Message message) {
        RoomMember self = RoomMember.of(connection);
        self.publish(
                context.rooms(),
                message.isText() ? ContentType.TEXT : ContentType.BINARY,
                message.payload(),
                message.isText() ? self.saidHeaders() : self.headers(),
                code -> refuse(connection, code));
    }

    @Override
    public void onNotice(Connection connection, Notice notice) {
        String line = Notices.line(notice);
        if (line != null) {
            context.badInput().count(ChatProtocol.NAME, ErrorCode.RATE_LIMITED);
            connection.sendText(line);
        }
    }

    private void refuse(Connection connection, ErrorCode code) {
        context.badInput().count(ChatProtocol.NAME, code);
        connection.sendText("! " + code.sentence());
    }
}

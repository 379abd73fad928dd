package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Form;
import dev.muster.node.protocol.Json;
import dev.muster.node.protocol.Notices;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.RoomMember;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.Member;
import dev.muster.registry.ContentType;
import dev.muster.registry.Position;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;

/** Handles relay connections: each is in the room of its path. */
final class RelayHandler implements SocketHandler {

    private final ProtocolContext context;

    RelayHandler(ProtocolContext context) {
        this.context = context;
    }

    private record RelayMember(Connection connection, Clock clock) implements Member {
        @Override
        public Encoder encoder() {
            return RelayEncoder.INSTANCE;
        }

        @Override
        public void welcome(String room, Position at) {
            String given = connection.identity().clientId();
            String clientId = given == null ? UUID.randomUUID().toString() : given;
            connection.sendText(Json.text(generator -> {
                generator.writeStringField("type", "SERVER_HELLO");
                generator.writeStringField("room_id", room);
                generator.writeStringField("client_id", clientId);
                generator.writeNumberField("timestamp", clock.instant().getEpochSecond());
            }));
        }
    }

    @Override
    public Future<Void> onConnect(Connection connection) {
        String room = connection.handshake().parameter(Checks.ROOM);
        return new RoomMember(new RelayMember(connection, context.clock()), room).enter(context.rooms());
    }

    @Override
    public void onMessage(Connection connection, Message message) {
        RoomMember self = RoomMember.of(connection);
        if (!message.isText()) {
            publish(self, ContentType.BINARY, message, self.headers());
            return;
        }
        switch (RelayFrame.of(message.payload())) {
            case TEXT -> publish(self, ContentType.TEXT, message, self.headers());
            case OBJECT -> publish(self, ContentType.JSON, message, self.headers());
            case CHAT_OBJECT -> publish(self, ContentType.JSON, message, Form.in(self.headers(), Form.CHAT_OBJECT));
            case FORBIDDEN ->
                refuse(connection, ErrorCode.FORBIDDEN, "frames of this type are sent by the server only");
            case EXCESSIVE ->
                refuse(connection, ErrorCode.INVALID_MESSAGE, "the JSON is nested too deep or a name is too long");
        }
    }

    @Override
    public void onNotice(Connection connection, Notice notice) {
        if (notice instanceof Notice.Limited) {
            context.badInput().count(RelayProtocol.NAME, ErrorCode.RATE_LIMITED);
        }
        connection.sendText(Notices.json(notice));
    }

    private void publish(RoomMember self, ContentType type, Message message, Map<String, String> headers) {
        self.publish(
                context.rooms(),
                type,
                message.payload(),
                headers,
                code -> refuse(self.connection(), code, code.sentence()));
    }

    private void refuse(Connection connection, ErrorCode code, String sentence) {
        context.badInput().count(RelayProtocol.NAME, code);
        connection.sendText(Json.error(code, sentence));
    }
}

package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.protocol.AckEnvelope;
import dev.muster.node.protocol.AckFrame;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Form;
import dev.muster.node.protocol.Json;
import dev.muster.node.protocol.Notices;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.RoomMember;
import dev.muster.node.protocol.TokenFrames;
import dev.muster.registry.ContentType;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Handles relay connections: each is in the room of its path. */
final class RelayHandler implements SocketHandler {

    private final ProtocolContext context;
    private final BinaryFrames binary;
    private final AckEnvelope acked = new AckEnvelope(RelayProtocol.NAME, RelayEncoder::content, false, false);

    RelayHandler(ProtocolContext context) {
        this.context = context;
        this.binary = new BinaryFrames(context, this::refuse);
    }

    @Override
    public Future<Void> onConnect(Connection connection) {
        String room = connection.handshake().parameter(Checks.ROOM);
        BinaryMode mode = BinaryMode.of(connection.handshake());
        String space = context.external().spaceOf(room);
        RoomSpace there = space == null ? null : new RoomSpace(context.external(), connection, space);
        return RoomMember.enter(context, new RelayMember(context, connection, mode, there), room, acked);
    }

    @Override
    public void onMessage(Connection connection, Message message) {
        RoomMember self = RoomMember.of(connection);
        if (self.takesAck(message, (code, sentence) -> refuse(connection, code, sentence))) {
            return;
        }
        if (!message.isText()) {
            binary.onMessage(self, message.payload());
            return;
        }
        switch (RelayFrame.of(message.payload())) {
            case TEXT -> publish(self, ContentType.TEXT, message, self.headers());
            case OBJECT -> publish(self, ContentType.JSON, message, self.headers());
            case CHAT_OBJECT -> publish(self, ContentType.JSON, message, Form.in(self.headers(), Form.CHAT_OBJECT));
            case AUTH -> refresh(connection, message);
            case FORBIDDEN ->
                refuse(connection, ErrorCode.FORBIDDEN, "frames of this type are sent by the server only");
            case EXCESSIVE ->
                refuse(connection, ErrorCode.INVALID_MESSAGE, "the JSON is nested too deep or a name is too long");
        }
    }

    private void refresh(Connection connection, Message message) {
        TokenFrames.take(context.gate(), connection, message.payload())
                .onSuccess(identity -> connection.sendText(TokenFrames.taken(identity)))
                .onFailure(failure -> refuse(connection, ErrorCode.FORBIDDEN, TokenFrames.reason(failure)));
    }

    @Override
    public boolean isControl(Message message) {
        return AckFrame.isLikely(message) || TokenFrames.isLikely(message);
    }

    @Override
    public void onNotice(Connection connection, Notice notice) {
        if (notice instanceof Notice.Limited) {
            context.badInput().count(RelayProtocol.NAME, ErrorCode.RATE_LIMITED);
        }
        connection.sendText(Notices.json(notice));
    }

    private void publish(RoomMember self, ContentType type, Message message, Map<String, String> headers) {
        RelayMember.of(self)
                .inOrder(
                        self,
                        message.payload().length(),
                        () -> self.publish(
                                context.rooms(),
                                type,
                                message.payload(),
                                headers,
                                code -> refuse(self.connection(), code, code.sentence())));
    }

    @Override
    public void onDisconnect(Connection connection, @Nullable Throwable cause) {
        // Who was not let in is in no room.
        if (connection.attachment() instanceof RoomMember self) {
            RelayMember.of(self).close();
        }
    }

    private void refuse(Connection connection, ErrorCode code, String sentence) {
        context.badInput().count(RelayProtocol.NAME, code);
        connection.sendText(Json.error(code, sentence));
    }
}

package dev.muster.node.protocol.sync;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Glance;
import dev.muster.node.protocol.Json;
import dev.muster.node.protocol.Notices;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.TokenFrames;
import dev.muster.node.sync.session.Answer;
import dev.muster.node.sync.session.Request;
import dev.muster.node.sync.session.SyncSession;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON connections: each is in the space that its query names. */
final class SyncSockets implements SocketHandler {

    private static final int TYPE_WITHIN = 64;

    /** What is about the connection itself has a budget of its own. */
    private static final List<byte[]> CONTROL =
            List.of(Glance.quoted("subscribe"), Glance.quoted("unsubscribe"), Glance.quoted("queryCancel"));

    private final ProtocolContext context;
    private final JsonSyncWire wire;
    private final RequestReader reader;

    /** What belongs to one connection. */
    private record Client(SyncSession session, DroppedRequests dropped) {}

    SyncSockets(ProtocolContext context) {
        this.context = context;
        this.wire = new JsonSyncWire(context);
        this.reader = new RequestReader(context.sync().sync());
    }

    @Override
    public Future<Void> onConnect(Connection connection) {
        String space = connection.handshake().query().get(Checks.SPACE);
        return context.sync().open(connection, wire, space).map(session -> {
            connection.attach(new Client(session, new DroppedRequests(connection)));
            if (!connection.isOpen()) {
                // It went while the space was opened, and nobody else would tell of it.
                session.close();
            }
            return null;
        });
    }

    @Override
    public void onMessage(Connection connection, Message message) {
        if (!message.isText()) {
            refuse(connection, null, ErrorCode.BAD_FRAME, "frames must be text");
            return;
        }
        try {
            SyncFrame frame = SyncFrame.of(message.payload());
            if (frame.type().equals(TokenFrames.TYPE)) {
                refresh(connection, frame, message);
            } else {
                take(connection, frame);
            }
        } catch (SyncFrame.Malformed malformed) {
            refuse(connection, null, ErrorCode.BAD_FRAME, String.valueOf(malformed.getMessage()));
        }
    }

    private void take(Connection connection, SyncFrame frame) {
        try {
            Request request = reader.read(frame);
            if (request == null) {
                refuse(connection, frame, ErrorCode.UNKNOWN_TYPE, RequestReader.TYPES);
            } else if (connection.attachment() instanceof Client client) {
                client.session.take(request);
            }
        } catch (SyncFrame.Wrong wrong) {
            String sentence = String.valueOf(wrong.getMessage());
            Answer answer = RequestReader.refusal(frame, sentence);
            if (answer == null) {
                refuse(connection, frame, ErrorCode.INVALID_MESSAGE, sentence);
            } else if (connection.attachment() instanceof Client client) {
                client.session.refuse(answer);
            }
        }
    }

    private void refresh(Connection connection, SyncFrame frame, Message message) {
        TokenFrames.take(context.gate(), connection, message.payload())
                .onSuccess(identity -> connection.sendText(TokenFrames.taken(identity)))
                .onFailure(failure -> refuse(connection, frame, ErrorCode.FORBIDDEN, TokenFrames.reason(failure)));
    }

    /**
     * @param frame null if it could not be read
     */
    private void refuse(Connection connection, @Nullable SyncFrame frame, ErrorCode code, String sentence) {
        context.badInput().count(SyncProtocol.NAME, code);
        String member = frame == null ? "" : RequestReader.idMember(frame);
        Long id = frame == null ? null : RequestReader.idOf(frame, member);
        connection.sendText(Json.text(generator -> {
            generator.writeStringField("type", "ERROR");
            generator.writeStringField("code", code.code());
            generator.writeStringField("message", sentence);
            if (id != null) {
                JsonSyncWire.id(generator, member, id);
            }
        }));
    }

    @Override
    public boolean isControl(Message message) {
        for (byte[] word : CONTROL) {
            if (Glance.at(message, word, TYPE_WITHIN)) {
                return true;
            }
        }
        return TokenFrames.isLikely(message);
    }

    @Override
    public void onDropped(Connection connection, Message message) {
        if (connection.attachment() instanceof Client client) {
            client.dropped.add(message);
        }
    }

    @Override
    public void onNotice(Connection connection, Notice notice) {
        if (notice instanceof Notice.Limited limited) {
            context.badInput().count(SyncProtocol.NAME, ErrorCode.RATE_LIMITED);
            if (connection.attachment() instanceof Client client) {
                client.dropped.tell(limited);
                return;
            }
        }
        connection.sendText(Notices.json(notice));
    }

    @Override
    public void onDisconnect(Connection connection, @Nullable Throwable cause) {
        if (connection.attachment() instanceof Client client) {
            client.session.close();
        }
    }
}

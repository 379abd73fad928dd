package dev.muster.node.protocol.event;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.protocol.AckFrame;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Glance;
import dev.muster.node.protocol.Notices;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.RoomMember;
import dev.muster.node.protocol.TokenFrames;
import dev.muster.node.shape.Issue;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Event connections: each is in the room its query names. */
final class EventSockets implements SocketHandler {

    static final String DEFAULT_ROOM = "lobby";

    private static final byte[] SUBSCRIBE = Glance.quoted("subscribe");
    private static final byte[] UNSUBSCRIBE = Glance.quoted("unsubscribe");

    /** Where the type usually is: at the beginning. */
    private static final int TYPE_WITHIN = 40;

    private final ProtocolContext context;
    private final Subscriptions subscriptions;
    private final Audience audience;
    private final EventHandling handling;
    private final Encoders encoders = new Encoders();

    EventSockets(ProtocolContext context, Channels channels, Subscriptions subscriptions, Audience audience) {
        this.context = context;
        this.subscriptions = subscriptions;
        this.audience = audience;
        this.handling = new EventHandling(context, channels);
    }

    @Override
    public Future<Void> onConnect(Connection connection) {
        Map<String, String> query = connection.handshake().query();
        Map<String, String> wanted = subscriptions.of(query);
        EventEncoder encoder = encoders.of(wanted);
        if (encoder == null) {
            wanted = Map.of();
            encoder = new EventEncoder(wanted);
        }
        EventMember member = new EventMember(connection, context, encoders, wanted, encoder);
        audience.add(member);
        return RoomMember.enter(context, member, query.getOrDefault("room", DEFAULT_ROOM), encoder.acked());
    }

    @Override
    public void onMessage(Connection connection, Message message) {
        boolean isAck = RoomMember.of(connection)
                .takesAck(message, (code, sentence) -> handling.refuse(connection, code, sentence, List.of(), null));
        if (isAck) {
            return;
        }
        if (message.isText()) {
            handling.take(connection, message.text());
        } else {
            Issue issue = new Issue("", "must be text");
            ErrorCode code = ErrorCode.BAD_FRAME;
            handling.refuse(connection, code, code.sentence(), List.of(issue), null);
        }
    }

    @Override
    public boolean isControl(Message message) {
        return AckFrame.isLikely(message)
                || Glance.at(message, SUBSCRIBE, TYPE_WITHIN)
                || Glance.at(message, UNSUBSCRIBE, TYPE_WITHIN)
                || TokenFrames.isLikely(message);
    }

    @Override
    public void onDropped(Connection connection, Message message) {
        EventMember.of(connection).drop(message);
    }

    @Override
    public void onNotice(Connection connection, Notice notice) {
        if (notice instanceof Notice.Limited limited) {
            String sentence = Notices.sentence(limited);
            String id = EventMember.of(connection).droppedId();
            handling.refuse(connection, ErrorCode.RATE_LIMITED, sentence, List.of(), id);
        } else {
            ErrorCode code = ErrorCode.TOKEN_EXPIRING;
            connection.sendText(ServerFrames.error(code.code(), code.sentence(), List.of(), null));
        }
    }

    @Override
    public void onDisconnect(Connection connection, @Nullable Throwable cause) {
        audience.remove(connection);
    }
}

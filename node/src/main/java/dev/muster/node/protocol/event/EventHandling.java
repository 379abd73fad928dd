package dev.muster.node.protocol.event;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.event.EventType;
import dev.muster.node.event.Events;
import dev.muster.node.event.InvalidEvent;
import dev.muster.node.event.Notification;
import dev.muster.node.event.Received;
import dev.muster.node.event.Refused;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.RoomMember;
import dev.muster.node.protocol.TokenFrames;
import dev.muster.node.shape.Issue;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Does what a frame from a client asks for. On the connection's loop. */
final class EventHandling {

    private final ProtocolContext context;
    private final Channels channels;

    EventHandling(ProtocolContext context, Channels channels) {
        this.context = context;
        this.channels = channels;
    }

    void take(Connection connection, String text) {
        EventFrame frame;
        try {
            frame = EventFrame.of(text);
        } catch (EventFrame.Malformed malformed) {
            refuse(connection, ErrorCode.BAD_FRAME, "the frame cannot be read", malformed.issues(), null);
            return;
        }
        String type = frame.type();
        switch (type == null ? "" : type) {
            case "subscribe" -> subscribe(connection, frame, true);
            case "unsubscribe" -> subscribe(connection, frame, false);
            case "publish" -> publish(connection, frame);
            case "AUTH" -> refresh(connection, frame);
            case "message" ->
                refuse(connection, frame, ErrorCode.FORBIDDEN, "type", "is sent by the server only, publish instead");
            default ->
                refuse(connection, frame, ErrorCode.UNKNOWN_TYPE, "type", "must be subscribe, unsubscribe or publish");
        }
    }

    // ---- subscriptions ----

    private void subscribe(Connection connection, EventFrame frame, boolean wanted) {
        String name = frame.channel();
        if (name == null) {
            refuse(connection, frame, ErrorCode.INVALID_MESSAGE, "channel", "is required");
            return;
        }
        String channel = channels.channel(name);
        if (channel == null) {
            if (wanted && name.equals(Channels.MEMBERS)) {
                tellMembers(connection, frame);
            } else if (!channels.needsNoSubscription(name)) {
                String known = "is not declared; there are " + channels.subscribableNames();
                refuse(connection, frame, ErrorCode.INVALID_MESSAGE, "channel", known);
            }
            return;
        }
        RoomMember self = RoomMember.of(connection);
        if (self.isAcked() && !channel.equals(Notification.NAME)) {
            String sentence = "is said by ?events= where messages are acknowledged, and stays";
            refuse(connection, frame, ErrorCode.FORBIDDEN, "channel", sentence);
        } else if (EventMember.of(connection).subscribe(channel, wanted ? name : null)) {
            context.rooms().reencode(self.member(), self.room());
        } else {
            String sentence = "this node serves too many other combinations of channels already";
            refuse(connection, frame, ErrorCode.RATE_LIMITED, "channel", sentence);
        }
    }

    private void tellMembers(Connection connection, EventFrame frame) {
        context.rooms()
                .eldest(RoomMember.of(connection).room())
                .onSuccess(members -> connection.sendText(ServerFrames.members(members)))
                .onFailure(failure ->
                        refuse(connection, frame, ErrorCode.REGISTRY_UNAVAILABLE, "channel", "cannot be answered now"));
    }

    // ---- what clients publish ----

    private void publish(Connection connection, EventFrame frame) {
        String channel = frame.channel();
        if (channel == null) {
            refuse(connection, frame, ErrorCode.INVALID_MESSAGE, "channel", "is required");
            return;
        }
        if (!Events.isFromClients(channel)) {
            refuse(connection, frame, ErrorCode.FORBIDDEN, "channel", "must begin with client. to be published");
            return;
        }
        EventType<?> type = channels.fromClients(channel);
        if (type == null) {
            String known = "is not declared; there are " + channels.publishableNames();
            refuse(connection, frame, ErrorCode.INVALID_MESSAGE, "channel", known);
            return;
        }
        try {
            Received<?> received = received(connection, frame, type);
            context.events().handle(received, () -> own(received));
        } catch (InvalidEvent invalid) {
            refuse(
                    connection,
                    ErrorCode.INVALID_MESSAGE,
                    ErrorCode.INVALID_MESSAGE.sentence(),
                    invalid.issues(),
                    frame.messageId());
        } catch (Refused refused) {
            refuse(connection, codeOf(refused), String.valueOf(refused.getMessage()), List.of(), frame.messageId());
        }
    }

    private <E extends Record> Received<E> received(Connection connection, EventFrame frame, EventType<E> type) {
        E event = frame.payload(type);
        Map<String, @Nullable Object> attributes = context.events().readsAttributes() ? frame.attributes() : Map.of();
        String room = RoomMember.of(connection).room();
        return new Received<>(event, type.name(), frame.messageId(), attributes, connection, room);
    }

    private static ErrorCode codeOf(Refused refused) {
        return switch (refused.why()) {
            case FORBIDDEN -> ErrorCode.FORBIDDEN;
            case RATE_LIMITED -> ErrorCode.RATE_LIMITED;
            case INVALID -> ErrorCode.INVALID_MESSAGE;
        };
    }

    /** What the node itself does with an event. */
    private void own(Received<?> received) {
        if (received.event() instanceof ClientMessage said) {
            say(received, said.message());
        } else if (received.event() instanceof SetUsername called) {
            rename(received, called.username());
        }
    }

    private void say(Received<?> received, String message) {
        Connection connection = received.connection();
        RoomMember self = RoomMember.of(connection);
        String id = received.messageId();
        Draft draft = new Draft(
                connection.id(),
                ContentType.TEXT,
                Buffer.buffer(message),
                EventMember.of(connection).headers(id),
                false,
                id == null ? null : OnceOnly.key(connection, self.isAcked(), id),
                null);
        self.publish(context.rooms(), draft, (code, failure) -> {
            if (OnceOnly.isUsed(failure)) {
                List<Issue> issues = List.of(new Issue("messageId", OnceOnly.USED));
                refuse(connection, code, "messageId " + OnceOnly.USED, issues, id);
            } else {
                refuse(connection, code, code.sentence(), List.of(), id);
            }
        });
    }

    private void rename(Received<?> received, String username) {
        Connection connection = received.connection();
        String before = connection.identity().name();
        if (username.equals(before)) {
            return;
        }
        if (!EventMember.of(connection).rename(username)) {
            throw new Refused(Refused.Why.FORBIDDEN, "your name is that of your token");
        }
        context.directory().update(connection);
        context.rooms().announce(connection, received.room()).onFailure(failure -> {
            // Nobody knows whether the others take it for a member: it comes again, and they will.
            connection.close(CloseReason.REGISTRY_UNAVAILABLE);
        });
    }

    private void refresh(Connection connection, EventFrame frame) {
        String token = frame.token();
        if (token == null) {
            refuse(connection, frame, ErrorCode.INVALID_MESSAGE, "token", "is required");
            return;
        }
        context.gate()
                .refresh(connection, token)
                .onSuccess(identity -> {
                    EventMember.of(connection).identified();
                    connection.sendText(TokenFrames.taken(identity));
                })
                .onFailure(failure ->
                        refuse(connection, frame, ErrorCode.FORBIDDEN, "token", TokenFrames.reason(failure)));
    }

    // ---- refusals ----

    private void refuse(Connection connection, EventFrame frame, ErrorCode code, String path, String allowed) {
        refuse(connection, code, path + " " + allowed, List.of(new Issue(path, allowed)), frame.messageId());
    }

    void refuse(Connection connection, ErrorCode code, String message, List<Issue> issues, @Nullable String refused) {
        context.badInput().count(EventProtocol.NAME, code);
        connection.sendText(ServerFrames.error(code.code(), message, issues, refused));
    }
}

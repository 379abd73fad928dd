package dev.muster.node.protocol.event;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Message;
import dev.muster.node.protocol.Entrant;
import dev.muster.node.protocol.Form;
import dev.muster.node.protocol.Hellos;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.RoomMember;
import dev.muster.node.room.Sender;
import dev.muster.node.session.Hello;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event connection in its room. On the connection's loop. */
final class EventMember extends Entrant {

    /** Larger ones are not taken apart only to be refused. */
    private static final int MAX_DROPPED = 16_384;

    private final ProtocolContext context;
    private final Encoders encoders;
    private Map<String, String> names;
    private EventEncoder encoder;
    private Map<String, String> headers = Map.of();
    private @Nullable Message dropped;

    /**
     * @param names what it is subscribed to from the beginning, see {@link EventEncoder}
     * @param encoder for these
     */
    EventMember(
            Connection connection,
            ProtocolContext context,
            Encoders encoders,
            Map<String, String> names,
            EventEncoder encoder) {
        super(context, connection);
        this.context = context;
        this.encoders = encoders;
        this.names = names;
        this.encoder = encoder;
        identified();
    }

    static EventMember of(Connection connection) {
        return (EventMember) RoomMember.of(connection).client();
    }

    @Override
    public EventEncoder encoder() {
        return encoder;
    }

    @Override
    protected void greet(String room, @Nullable Hello hello) {
        connection().sendText(ServerFrames.text(Channels.INFO, json -> {
            json.writeStringField("serverId", context.directory().node());
            json.writeNumberField("connectedClients", context.directory().count());
            json.writeNumberField("timestamp", context.clock().millis());
            if (hello != null) {
                Hellos.write(hello, json);
            }
        }));
    }

    /** It is called otherwise than before. */
    void identified() {
        Map<String, String> sender = new HashMap<>(Sender.of(connection()).headers());
        if (!connection().identity().isNamed()) {
            sender.put(EventEncoder.NAMELESS, "1");
        }
        headers = Form.in(sender, Form.SAID);
    }

    /**
     * What its messages carry.
     *
     * @param source what the client calls its message; null if it gave it no name
     */
    Map<String, String> headers(@Nullable String source) {
        if (source == null) {
            return headers;
        }
        Map<String, String> with = new HashMap<>(headers);
        with.put(EventEncoder.SOURCE, source);
        return with;
    }

    /** What it would like to be called; false if its token says who it is. */
    boolean rename(String username) {
        Identity was = connection().identity();
        if (was.grant() != null && was.name() != null) {
            return false;
        }
        connection()
                .identify(new Identity(
                        was.userId(), username, was.clientId(), was.roles(), was.authenticated(), was.grant()));
        identified();
        return true;
    }

    /** What was too much last: it is refused by its id, if the client is told of it. */
    void drop(Message message) {
        dropped = message.isText() && message.payload().length() <= MAX_DROPPED ? message : null;
    }

    /** The id of what {@link #drop} was called with; null if it has none. */
    @Nullable
    String droppedId() {
        Message message = dropped;
        dropped = null;
        try {
            return message == null ? null : EventFrame.of(message.text()).messageId();
        } catch (EventFrame.Malformed unreadable) {
            return null;
        }
    }

    /** The name it subscribed to a channel by; null if it did not. */
    @Nullable
    String nameOf(String channel) {
        return names.get(channel);
    }

    /**
     * Wants a channel, or wants it no more.
     *
     * @param name the name it shall have; null if it is not wanted
     * @return false if the node serves too many other ways to subscribe already; then nothing has changed
     */
    boolean subscribe(String channel, @Nullable String name) {
        Map<String, String> changed = new HashMap<>(names);
        if (name == null) {
            changed.remove(channel);
        } else {
            changed.put(channel, name);
        }
        EventEncoder made = encoders.of(changed);
        if (made == null) {
            return false;
        }
        names = changed;
        encoder = made;
        return true;
    }
}

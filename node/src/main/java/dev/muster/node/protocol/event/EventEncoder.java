package dev.muster.node.protocol.event;

import dev.muster.node.connection.Framing;
import dev.muster.node.protocol.AckEnvelope;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Form;
import dev.muster.node.protocol.Payload;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.RoomEvent;
import dev.muster.node.room.Sender;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ContentType;
import dev.muster.registry.Publication;
import io.netty.buffer.ByteBuf;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Events of a room as members see them who subscribed to the same channels under the same names. */
final class EventEncoder implements Encoder {

    /** The header with the name of an event that the application declared. */
    static final String EVENT = "ev";

    /** The header of a message from an event client without a name. */
    static final String NAMELESS = "a";

    /** The header with what the sender calls its message. */
    static final String SOURCE = "m";

    private static final String ANONYMOUS = "Anonymous";

    private final Map<String, String> names;
    private final @Nullable String message;
    private final @Nullable String joined;
    private final @Nullable String left;
    private final AckEnvelope acked;

    /**
     * @param names the channels subscribed to, each with the name it was asked for by
     */
    EventEncoder(Map<String, String> names) {
        this.names = names;
        this.message = names.get(Channels.MESSAGE);
        this.joined = names.get(Channels.JOINED);
        this.left = names.get(Channels.LEFT);
        // A session is gone on with only by who asks for the same again: its numbers count what it is shown.
        String wire = EventProtocol.NAME + "-" + Integer.toHexString(new TreeMap<>(names).hashCode());
        this.acked = new AckEnvelope(wire, this::content, true, joined != null || left != null);
    }

    @Override
    public boolean echoes() {
        return true;
    }

    @Override
    public @Nullable ByteBuf encode(RoomEvent event, Framing framing) {
        ByteBuf frame = frame(event);
        return frame == null ? null : framing.text(frame);
    }

    /** The same for those who acknowledge what they get. */
    AckEnvelope acked() {
        return acked;
    }

    private AckEnvelope.@Nullable Content content(RoomEvent event) {
        ByteBuf frame = frame(event);
        return frame == null ? null : new AckEnvelope.Content(ContentType.JSON, BufferInternal.buffer(frame), null);
    }

    private @Nullable ByteBuf frame(RoomEvent event) {
        if (event instanceof RoomEvent.Message said) {
            return Form.EVENT.equals(said.form()) ? declared(said) : message(said);
        }
        if (event instanceof RoomEvent.Joined came) {
            return comesAndGoes(joined, "j", came.member(), came.position().offset(), came.timestamp());
        }
        if (event instanceof RoomEvent.Left went) {
            return comesAndGoes(left, "l", went.member(), went.position().offset(), went.timestamp());
        }
        if (event instanceof RoomEvent.Reset) {
            ErrorCode lost = ErrorCode.INSUFFICIENT_STATE;
            return Payload.utf8(ServerFrames.error(lost.code(), lost.sentence(), List.of(), null));
        }
        return null;
    }

    private @Nullable ByteBuf message(RoomEvent.Message said) {
        String name = message;
        String text = name == null ? null : Form.text(said);
        if (name == null || text == null) {
            return null;
        }
        String id = id(said);
        Map<String, String> headers = said.publication().headers();
        String from = headers.containsKey(NAMELESS) ? ANONYMOUS : said.author();
        return ServerFrames.event(name, id, headers.get(SOURCE), json -> {
            json.writeStringField("id", id);
            json.writeStringField("from", from);
            json.writeStringField("message", text);
            json.writeNumberField("timestamp", said.timestamp());
        });
    }

    private @Nullable ByteBuf declared(RoomEvent.Message said) {
        String name = names.get(name(said.publication()));
        return name == null
                ? null
                : ServerFrames.event(name, id(said), said.payload().toString());
    }

    /** The name of an event that the application declared. */
    static String name(Publication publication) {
        return publication.headers().getOrDefault(EVENT, "");
    }

    /** A fast message has no place in the log, and so none of its own. */
    private static String id(RoomEvent.Message said) {
        String id = said.id();
        return id == null ? ServerFrames.id() : id;
    }

    /** Of those without a name nothing is said: a user id alone is none. */
    private static @Nullable ByteBuf comesAndGoes(
            @Nullable String name, String kind, ConnectionRecord member, long offset, long timestamp) {
        Sender who = name == null ? null : Sender.of(member);
        if (name == null || who == null || who.name() == null) {
            return null;
        }
        String id = member.connectionId() + "-" + kind + offset;
        return ServerFrames.event(name, id, null, json -> {
            json.writeStringField("userId", who.user() == null ? who.connectionId() : who.user());
            json.writeStringField("username", who.displayName());
            json.writeNumberField("timestamp", timestamp);
        });
    }
}

package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Connection;
import dev.muster.node.protocol.Entrant;
import dev.muster.node.protocol.Form;
import dev.muster.node.protocol.Hellos;
import dev.muster.node.protocol.Json;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.RoomMember;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.RoomEvent;
import dev.muster.node.room.Sender;
import dev.muster.node.session.Hello;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A relay connection in its room. On the connection's loop. */
final class RelayMember extends Entrant {

    private final Clock clock;
    private final BinaryMode mode;
    private final String clientId;
    private final byte[] clientIdBytes;

    private final @Nullable RoomSpace space;

    private final HeldFrames held;
    private int holds;
    private boolean checked;
    private @Nullable Headers headers;

    /**
     * What its checked frames carry; made once.
     *
     * @param chat those with a text
     * @param other all others
     */
    record Headers(Map<String, String> chat, Map<String, String> other) {}

    RelayMember(ProtocolContext context, Connection connection, BinaryMode mode, @Nullable RoomSpace space) {
        super(context, connection);
        this.clock = context.clock();
        this.mode = mode;
        this.space = space;
        this.held = new HeldFrames(connection);
        String given = connection.identity().clientId();
        // Whoever lets relay clients in gives each an id.
        this.clientId = given == null ? connection.id() : given;
        this.clientIdBytes = clientId.getBytes(StandardCharsets.UTF_8);
        this.checked = mode == BinaryMode.PROTOBUF;
    }

    static RelayMember of(RoomMember self) {
        return (RelayMember) self.client();
    }

    @Override
    public Encoder encoder() {
        if (!checked) {
            return RelayEncoder.INSTANCE;
        }
        if (space == null) {
            return ProtobufEncoder.INSTANCE;
        }
        return holds == 0 ? ProtobufEncoder.WITH_SPACE : ProtobufEncoder.HELD;
    }

    @Override
    public boolean needsEldest() {
        return checked;
    }

    String clientId() {
        return clientId;
    }

    byte[] clientIdBytes() {
        return clientIdBytes;
    }

    /** What it does in the space of its room; null if the room has none. */
    @Nullable
    RoomSpace space() {
        return space;
    }

    /** The room's frames wait from now on, with the {@linkplain #encoder encoder} that there is now. */
    void hold() {
        holds++;
    }

    /** What waited goes out; if that was the last {@link #hold}, nothing waits any more. */
    void letGo() {
        holds--;
        held.flush();
    }

    @Override
    public void deliver(RoomEvent event, @Nullable ByteBuf frame, boolean isExcepted) {
        if (frame == null || isExcepted || connection().id().equals(event.origin())) {
            return;
        }
        if (event.position() == null) {
            // It has no place in the order.
            connection().offer(frame.retain());
        } else {
            held.add(frame);
        }
    }

    /** Does something when all that the client sent before was said. */
    void inOrder(RoomMember self, int bytes, Runnable action) {
        if (space == null) {
            action.run();
        } else {
            space.inOrder(self, bytes, action);
        }
    }

    /** The connection is gone. */
    void close() {
        if (space != null) {
            space.close();
            // To be dropped by the connection.
            held.flush();
        }
    }

    /** Whether its binary frames are checked, which makes it a protobuf member. */
    boolean isChecked() {
        return checked;
    }

    /** Whether a frame can still make it a checked one. */
    boolean mayTurn() {
        return mode == BinaryMode.AUTO && !checked;
    }

    Headers headers() {
        Headers made = headers;
        if (made == null) {
            Map<String, String> plain = Sender.of(connection()).headers();
            made = new Headers(Form.in(plain, Form.PROTOBUF_CHAT), Form.in(plain, Form.PROTOBUF));
            headers = made;
        }
        return made;
    }

    /** From now on it is checked. */
    void turn() {
        checked = true;
    }

    @Override
    protected void greet(String room, @Nullable Hello hello) {
        connection().sendText(Json.text(generator -> {
            generator.writeStringField("type", "SERVER_HELLO");
            generator.writeStringField("room_id", room);
            generator.writeStringField("client_id", clientId);
            generator.writeNumberField("timestamp", clock.instant().getEpochSecond());
            if (hello != null) {
                Hellos.write(hello, generator);
            }
        }));
    }
}

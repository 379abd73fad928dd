package dev.muster.node.room;

import dev.muster.node.connection.Framing;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Turns events of a room into frames of one protocol. One object serves all members that speak it, compared by
 * identity; stateless, and called from several event loops. Each event is encoded once on a node, whatever the number
 * of members.
 */
public interface Encoder {

    /**
     * The frames that tell of {@code event}.
     *
     * @return owned by the caller, with one reference; null if this protocol does not show the event
     */
    @Nullable
    ByteBuf encode(RoomEvent event, Framing framing);

    /**
     * Whether its frames are not sent as they are: each member gets them by {@link Member#deliver} and makes of them
     * what it likes, and is given the events that its protocol does not show as well.
     */
    default boolean isPersonal() {
        return false;
    }

    /** Whether a sender gets its own message back. A connection never hears of its own leaving. */
    boolean echoes();
}

package dev.muster.node.room;

import dev.muster.node.connection.Connection;
import dev.muster.registry.Position;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** A connection that can be in rooms: the connection, and how it is told what happens there. */
public interface Member {

    /** Whose member it is. */
    Connection connection();

    /** How events become its frames. Always the same object, but for {@link Rooms#reencode}. */
    Encoder encoder();

    /**
     * Whether its encoder needs to know who has been in the room longest; see {@link RoomEvent.Joined#eldest}. Asked
     * when it joins.
     */
    default boolean needsEldest() {
        return false;
    }

    /**
     * It is in. What is sent to the connection here comes before every event of the room, the member's own joining
     * included. On the connection's loop.
     *
     * @param room which room
     * @param at what is after this position follows
     */
    default void welcome(String room, Position at) {}

    /**
     * What is to be done between the join and the welcome; the room waits, within the limits of what it holds back for
     * a member that enters. On the connection's loop.
     *
     * @return null if there is nothing to do, which is usual. A failure is taken for the join's
     */
    default @Nullable Future<Void> prepare(String room, Position at) {
        return null;
    }

    /**
     * An event for a member whose encoder is {@linkplain Encoder#isPersonal personal}: every one of the room since it
     * entered, its own included. On the connection's loop.
     *
     * @param frame what the encoder made, lasting until this returns; null if it does not show the event
     * @param isExcepted whether the message leaves this connection out
     */
    default void deliver(RoomEvent event, @Nullable ByteBuf frame, boolean isExcepted) {}
}

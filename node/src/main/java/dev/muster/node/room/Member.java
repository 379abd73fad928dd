package dev.muster.node.room;

import dev.muster.node.connection.Connection;
import dev.muster.registry.Position;

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
}

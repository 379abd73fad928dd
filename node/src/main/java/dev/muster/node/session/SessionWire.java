package dev.muster.node.session;

import dev.muster.node.connection.Framing;
import dev.muster.node.room.Encoder;
import io.netty.buffer.ByteBuf;

/**
 * How a session's messages look on a wire: a start of each member's own, which holds the number, and a rest that all
 * sessions of the wire share. Stateless; one object for each wire and node.
 */
public interface SessionWire {

    /** A short name; a session is resumed over the wire it was begun on. */
    String name();

    /**
     * Makes the rest of a message, the same bytes for every session. {@linkplain Encoder#isPersonal Personal}. For one
     * event it always decides alike whether it is shown: numbers are counted again from the log when a session is resumed.
     */
    Encoder encoder();

    /** Whether it shows joins and leaves. If so, a session is recovered only if the log has all of them too. */
    boolean showsMemberships();

    /**
     * The start of a message.
     *
     * @param id its number; 0 for one that stands outside the order, and is neither numbered nor kept
     * @param rest bytes of the rest, which is sent right behind it
     * @return owned by the caller, with one reference
     */
    ByteBuf start(long id, int rest, Framing framing);
}

package dev.muster.node.connection;

import io.netty.buffer.ByteBuf;

/**
 * How a payload becomes whole frames of a wire. Stateless; one object for each wire, compared by identity.
 */
public interface Framing {

    /**
     * A frame that carries text.
     *
     * @param utf8 valid UTF-8; one reference is taken over
     * @return owned by the caller, with one reference; may be offered to several connections, one reference each
     */
    ByteBuf text(ByteBuf utf8);

    /**
     * A frame that carries bytes.
     *
     * @param bytes one reference is taken over
     * @return owned by the caller, with one reference
     */
    ByteBuf binary(ByteBuf bytes);

    /**
     * The beginning of a frame that carries text: the rest of the payload is sent right behind it, and may be shared
     * with other connections.
     *
     * @param start the payload's first bytes; one reference is taken over
     * @param rest how many bytes follow
     * @return owned by the caller, with one reference; see {@link Connection#offer(ByteBuf, ByteBuf)}
     * @throws UnsupportedOperationException if frames of this wire cannot be made in two parts
     */
    default ByteBuf textStart(ByteBuf start, int rest) {
        start.release();
        throw new UnsupportedOperationException("frames of this wire are made in one piece");
    }
}

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
}

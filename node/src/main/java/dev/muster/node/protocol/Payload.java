package dev.muster.node.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/** Payloads as what a {@link dev.muster.node.connection.Framing} takes. */
public final class Payload {

    private Payload() {}

    /** A view of a message's payload, not a copy, with a reference of its own for whoever takes it. */
    public static ByteBuf of(Buffer payload) {
        return ((BufferInternal) payload).getByteBuf().retain();
    }

    /** Text in UTF-8. */
    public static ByteBuf utf8(String text) {
        ByteBuf bytes = Unpooled.buffer(ByteBufUtil.utf8Bytes(text));
        ByteBufUtil.writeUtf8(bytes, text);
        return bytes;
    }
}

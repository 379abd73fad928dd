package dev.muster.registry.hazelcast;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/** Byte arrays, which Hazelcast carries, as buffers, which the contract speaks of. */
final class Bytes {

    private Bytes() {}

    /** A buffer over {@code bytes}, without a copy. Neither may be modified any more. */
    static Buffer view(byte[] bytes) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
    }
}

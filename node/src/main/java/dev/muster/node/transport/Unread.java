package dev.muster.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Bytes that have come but cannot be used yet. Reading stops meanwhile, so that this is a read or two. */
final class Unread {

    private Unread() {}

    /** Both behind one another; takes over a reference of each. */
    static ByteBuf joined(Channel channel, @Nullable ByteBuf before, ByteBuf more) {
        if (before == null) {
            return more;
        }
        try {
            return channel.alloc()
                    .buffer(before.readableBytes() + more.readableBytes())
                    .writeBytes(before)
                    .writeBytes(more);
        } finally {
            before.release();
            more.release();
        }
    }
}

package dev.muster.node.connection;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * What a client of a raw socket has to say before it is let in: there is no upgrade that could carry a token. Until then
 * it is no connection for anybody else, and gets nothing. Called on the connection's event loop.
 */
public interface Entrance {

    /** Whether everybody comes in without a word. */
    boolean isOpen();

    /**
     * Looks at what the client has sent so far.
     *
     * @param connection not open yet
     * @param first what has come; the reader index is moved behind what was used of it, once that is enough
     * @return null if it takes more to decide; called again then. Otherwise a future that lets the client in, or fails
     *     with a {@link Refusal} or a {@link CloseException}
     * @throws CloseException if it never will be enough
     */
    @Nullable
    Future<?> knock(Connection connection, ByteBuf first);
}

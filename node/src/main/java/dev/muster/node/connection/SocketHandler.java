package dev.muster.node.connection;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of a connection, the same for the built-in protocols and for an application's own. They run on
 * the connection's event loop, one after another, and must not block. One handler usually serves many connections
 * and keeps what belongs to one with {@link Connection#attach}.
 */
public interface SocketHandler {

    /**
     * The socket is open. Messages wait until the future completes; if it fails, the socket is closed with
     * {@link CloseReason#INTERNAL}, or with its own reason if the failure is a {@link CloseException}.
     */
    default Future<Void> onConnect(Connection connection) {
        return Future.succeededFuture();
    }

    /**
     * The client sent a message.
     *
     * @throws Exception handed to {@link #onError}
     */
    void onMessage(Connection connection, Message message) throws Exception;

    /**
     * Something went wrong with a message: a callback threw, or the message was not one this wire takes.
     *
     * @return true to go on, false to close the socket with {@link CloseReason#INTERNAL}
     */
    default boolean onError(Connection connection, Throwable error) {
        return false;
    }

    /**
     * Whether a message is about the connection itself, such as an acknowledgement, a subscription or a newer token.
     * Such messages have a budget of their own. Asked for each message before {@link #onMessage}, so a guess by its
     * first bytes has to do; a wrong one does no harm but to count for the other budget.
     */
    default boolean isControl(Message message) {
        return false;
    }

    /**
     * Whether messages are pieces of one stream, cut anywhere: none may be left out then, so what is in them is counted
     * by the handler, with {@link Connection#mayTake}.
     */
    default boolean isStream() {
        return false;
    }

    /**
     * A message is dropped, because there were too many of them. Called for each one, at whatever rate they come, so little
     * may be done with it; {@link #onNotice} follows at most once a second.
     */
    default void onDropped(Connection connection, Message message) {}

    /** Something the client should be told; see {@link Notice}. Without it nothing is said. */
    default void onNotice(Connection connection, Notice notice) {}

    /**
     * The socket is closed. Exactly once for each connection whose {@link #onConnect} was called.
     *
     * @param cause what broke it, or null when it was closed cleanly by either side
     */
    default void onDisconnect(Connection connection, @Nullable Throwable cause) {}
}

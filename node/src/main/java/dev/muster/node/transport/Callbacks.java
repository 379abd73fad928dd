package dev.muster.node.transport;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.SocketHandler;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls of foreign code, each guarded in one place: whatever a handler throws costs at most its own connection. */
final class Callbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    private Callbacks() {}

    static Future<Void> opened(ConnectionListener listener, Connection connection) {
        return guarded(() -> listener.opened(connection));
    }

    static Future<Void> connect(SocketHandler handler, Connection connection) {
        return guarded(() -> handler.onConnect(connection));
    }

    private static Future<Void> guarded(Supplier<Future<Void>> callback) {
        try {
            return callback.get();
        } catch (RuntimeException | StackOverflowError failure) {
            return Future.failedFuture(failure);
        }
    }

    /** How a connection is closed that could not begin. */
    static CloseException closing(Connection connection, Throwable failure) {
        if (failure instanceof CloseException closing) {
            return closing;
        }
        LOG.warn(
                "A connection could not begin, it is closed: id={} path={}",
                connection.id(),
                connection.handshake().path(),
                failure);
        return new CloseException(CloseReason.INTERNAL);
    }

    /** Delivers a message; the answer says how to close the connection, null that it goes on. */
    static @Nullable CloseException message(
            SocketHandler handler, Connection connection, Message message, Traffic traffic) {
        try {
            handler.onMessage(connection, message);
            return null;
        } catch (CloseException closing) {
            return closing;
        } catch (Exception | StackOverflowError failure) {
            traffic.countFailed();
            return failed(handler, connection, failure);
        }
    }

    private static @Nullable CloseException failed(SocketHandler handler, Connection connection, Throwable failure) {
        try {
            if (handler.onError(connection, failure)) {
                return null;
            }
        } catch (CloseException closing) {
            return closing;
        } catch (RuntimeException | StackOverflowError again) {
            failure.addSuppressed(again);
        }
        LOG.warn(
                "Handling a message failed, the connection is closed: id={} path={}",
                connection.id(),
                connection.handshake().path(),
                failure);
        return new CloseException(CloseReason.INTERNAL);
    }

    static boolean isControl(SocketHandler handler, Message message) {
        try {
            return handler.isControl(message);
        } catch (RuntimeException | StackOverflowError failure) {
            LOG.error("A handler could not tell what a message is, it counts as one", failure);
            return false;
        }
    }

    static void dropped(SocketHandler handler, Connection connection, Message message) {
        try {
            handler.onDropped(connection, message);
        } catch (RuntimeException | StackOverflowError failure) {
            LOG.error("A handler's onDropped failed, the client is told less: id={}", connection.id(), failure);
        }
    }

    static void notice(SocketHandler handler, Connection connection, Notice notice) {
        try {
            handler.onNotice(connection, notice);
        } catch (RuntimeException | StackOverflowError failure) {
            LOG.error("A handler's onNotice failed, the client is not told: id={}", connection.id(), failure);
        }
    }

    static void disconnect(SocketHandler handler, Connection connection, @Nullable Throwable cause) {
        try {
            handler.onDisconnect(connection, cause);
        } catch (RuntimeException | StackOverflowError failure) {
            LOG.error(
                    "A handler's onDisconnect failed, what it had not done stays undone: id={}",
                    connection.id(),
                    failure);
        }
    }

    static void closed(ConnectionListener listener, Connection connection) {
        try {
            listener.closed(connection);
        } catch (RuntimeException | StackOverflowError failure) {
            LOG.error("A closed connection could not be forgotten: id={}", connection.id(), failure);
        }
    }
}

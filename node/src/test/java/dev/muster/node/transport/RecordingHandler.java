package dev.muster.node.transport;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.SocketHandler;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes down its callbacks, one line each, and does on top what a test wants. */
class RecordingHandler implements SocketHandler {

    final List<String> events = new CopyOnWriteArrayList<>();
    final List<Connection> connections = new CopyOnWriteArrayList<>();
    volatile Function<Connection, Future<Void>> onConnect = connection -> Future.succeededFuture();

    @Override
    public Future<Void> onConnect(Connection connection) {
        connections.add(connection);
        events.add("connect");
        return onConnect.apply(connection);
    }

    @Override
    public void onMessage(Connection connection, Message message) throws Exception {
        events.add("message "
                + (message.isText() ? message.text() : message.payload().length() + " bytes"));
    }

    @Override
    public boolean onError(Connection connection, Throwable error) {
        events.add("error " + error.getMessage());
        return false;
    }

    @Override
    public void onDisconnect(Connection connection, @Nullable Throwable cause) {
        events.add("disconnect " + (cause == null ? "clean" : cause.getMessage()));
    }
}

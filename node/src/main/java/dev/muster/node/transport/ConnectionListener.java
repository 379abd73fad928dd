package dev.muster.node.transport;

import dev.muster.node.connection.Connection;
import io.vertx.core.Future;

/**
 * Is told of every connection, whatever its route: where the node keeps its records. Called on the connection's event
 * loop; must not block.
 */
public interface ConnectionListener {

    /** Keeps nothing. */
    ConnectionListener NONE = new ConnectionListener() {
        @Override
        public Future<Void> opened(Connection connection) {
            return Future.succeededFuture();
        }

        @Override
        public void closed(Connection connection) {}
    };

    /**
     * The upgrade is answered. The handler's {@code onConnect} is called when the future completes; if it fails, the
     * connection is closed as if {@code onConnect} had failed.
     */
    Future<Void> opened(Connection connection);

    /**
     * The connection takes nothing any more. Once for each that was opened, after the handler's {@code onDisconnect}.
     */
    void closed(Connection connection);
}

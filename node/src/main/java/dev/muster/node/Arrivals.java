package dev.muster.node;

import dev.muster.node.connection.Connection;
import dev.muster.node.directory.Directory;
import dev.muster.node.room.Rooms;
import dev.muster.node.session.Sessions;
import dev.muster.node.transport.ConnectionListener;
import io.vertx.core.Future;

/** Keeps the record of every connection, whatever it speaks. */
record Arrivals(Rooms rooms, Directory directory, Sessions sessions, Entrance entrance) implements ConnectionListener {

    @Override
    public Future<Void> opened(Connection connection) {
        // Not waited for: what its protocol asks of the registry comes after it anyway (R05).
        directory.add(connection);
        entrance.opened(connection);
        return Future.succeededFuture();
    }

    @Override
    public void closed(Connection connection) {
        entrance.closed(connection);
        if (!directory.holds(connection)) {
            // Another one goes on under its id.
            return;
        }
        // First its seats, so that no frame is made for it any more; unregistering ends its memberships for the others.
        Future<?> said = rooms.gone(connection);
        if (!sessions.keeps(connection)) {
            directory.remove(connection, said);
        }
    }
}

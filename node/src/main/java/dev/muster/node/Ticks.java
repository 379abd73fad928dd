package dev.muster.node;

import dev.muster.node.directory.Directory;
import dev.muster.node.room.Rooms;
import dev.muster.node.session.Sessions;
import dev.muster.node.sync.Spaces;
import dev.muster.node.sync.session.SyncClients;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/**
 * Does each second what is due: checks of the feeds, rooms nobody needs any more, connections not registered yet,
 * tokens that end; and each half second what nodes tell one another of busy users.
 */
final class Ticks {

    private static final long PERIOD_MS = 1_000;

    private final Vertx vertx;
    private final long timer;
    private final long halves;

    Ticks(
            Vertx vertx,
            Rooms rooms,
            Directory directory,
            Sessions sessions,
            Spaces spaces,
            SyncClients clients,
            Entrance entrance,
            Quotas quotas,
            LongSupplier nanoTime) {
        this.vertx = vertx;
        this.timer = vertx.setPeriodic(PERIOD_MS, id -> {
            rooms.tick(nanoTime.getAsLong());
            directory.registerAgain();
            sessions.tick();
            spaces.tick();
            clients.tick();
            entrance.tick();
        });
        this.halves = vertx.setPeriodic(PERIOD_MS / 2, id -> quotas.tick());
    }

    void stop() {
        vertx.cancelTimer(timer);
        vertx.cancelTimer(halves);
    }
}

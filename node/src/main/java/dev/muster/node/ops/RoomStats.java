package dev.muster.node.ops;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All members of a room, read page by page. */
final class RoomStats {

    private static final int PAGE = 1000;

    private RoomStats() {}

    static Future<List<ConnectionRecord>> members(ConnectionRegistry registry, String room) {
        return more(registry, room, null, new ArrayList<>());
    }

    private static Future<List<ConnectionRecord>> more(
            ConnectionRegistry registry, String room, @Nullable String cursor, List<ConnectionRecord> found) {
        return registry.members(room, cursor, PAGE).compose(page -> {
            found.addAll(page.items());
            return page.next() == null ? Future.succeededFuture(found) : more(registry, room, page.next(), found);
        });
    }
}

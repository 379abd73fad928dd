package dev.muster.node.session;

import dev.muster.node.room.RoomEvent;
import dev.muster.registry.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the log of a room said.
 *
 * @param events in order; empty if there is a miss
 * @param from the position that the first of them follows
 * @param through the position of the last thing that was looked at
 * @param miss why nothing came; null if everything did
 */
public record Recall(
        List<RoomEvent> events,
        Position from,
        Position through,
        @Nullable Miss miss) {

    static Recall missed(Position at, Miss miss) {
        return new Recall(List.of(), at, at, miss);
    }
}

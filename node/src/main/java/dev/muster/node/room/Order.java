package dev.muster.node.room;

import dev.muster.registry.Position;
import org.jspecify.annotations.Nullable;

/**
 * What comes before what, for a member that joined at a position. Within an epoch offsets decide. Across epochs offsets
 * go on where nothing was lost, so they decide there too; where something was lost the feed says so with a reset.
 */
final class Order {

    private Order() {}

    /** Whether {@code at} is surely not after {@code passed}; across epochs nothing is sure. */
    static boolean isCovered(Position at, @Nullable Position passed) {
        return passed != null && at.epoch().equals(passed.epoch()) && at.offset() <= passed.offset();
    }

    /** Whether {@code event} is not after {@code at}, for somebody who joined there. */
    static boolean isBefore(RoomEvent event, Position at) {
        Position position = event.position();
        if (position == null || position.offset() > at.offset()) {
            return false;
        }
        return !(event instanceof RoomEvent.Reset) || position.epoch().equals(at.epoch());
    }
}

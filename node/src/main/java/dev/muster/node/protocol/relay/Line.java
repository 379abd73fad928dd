package dev.muster.node.protocol.relay;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Frames of one client that wait for those before them: what takes a while keeps its place, and what comes after it stays
 * behind it. On the connection's loop.
 */
final class Line {

    /** Where something will be. */
    static final class Place {
        private @Nullable Runnable action;
    }

    private final ArrayDeque<Place> places = new ArrayDeque<>();

    /** Whether nothing waits. */
    boolean isEmpty() {
        return places.isEmpty();
    }

    /** Does something when all that came before was done; at once if there is nothing. */
    void add(Runnable action) {
        if (places.isEmpty()) {
            action.run();
        } else {
            keep().action = action;
        }
    }

    /** Keeps a place for what is not known yet. */
    Place keep() {
        Place place = new Place();
        places.add(place);
        return place;
    }

    /** What was to come in a place is known: it is done in its turn. */
    void fill(Place place, Runnable action) {
        place.action = action;
        for (Place first = places.peek(); first != null; first = places.peek()) {
            Runnable next = first.action;
            if (next == null) {
                return;
            }
            // Before it is done: should it throw, the others do not stand behind it for ever.
            places.poll();
            next.run();
        }
    }
}

package dev.muster.node.protocol.event;

import dev.muster.node.event.Notification;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One encoder for all members who subscribed to the same. Any thread. */
final class Encoders {

    /**
     * As many ways to subscribe as a node serves: the node's own channels make 27, and an application that declares a
     * few more stays below this. Each way costs a little for every event, so a client must not make them up.
     */
    static final int MAX = 512;

    private final ConcurrentHashMap<Map<String, String>, EventEncoder> all = new ConcurrentHashMap<>();

    /**
     * The encoder for these subscriptions; null if they would be one way too many.
     *
     * @param names see {@link EventEncoder}
     */
    @Nullable
    EventEncoder of(Map<String, String> names) {
        Map<String, String> ofRooms = new HashMap<>(names);
        // Not an event of rooms, so no reason for further encoders.
        ofRooms.remove(Notification.NAME);
        EventEncoder known = all.get(ofRooms);
        if (known != null || all.size() >= MAX) {
            return known;
        }
        return all.computeIfAbsent(Map.copyOf(ofRooms), EventEncoder::new);
    }
}

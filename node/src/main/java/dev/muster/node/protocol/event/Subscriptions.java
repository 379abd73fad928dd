package dev.muster.node.protocol.event;

import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Refusal;
import dev.muster.node.protocol.Checks;
import dev.muster.registry.Limits;
import java.util.HashMap;
import java.util.Map;

/** What a client asks for when it connects: its room, and the channels it wants from the beginning. */
final class Subscriptions {

    private static final String ALL = "all";

    private final Channels channels;

    Subscriptions(Channels channels) {
        this.channels = channels;
    }

    /**
     * Looks at a query.
     *
     * @throws Refusal if it names what there is not
     */
    void check(Handshake handshake) {
        if (!Checks.isRoomName(handshake.query().getOrDefault("room", EventSockets.DEFAULT_ROOM))) {
            throw Refusal.badRequest(
                    "room", "must have 1 to " + Limits.MAX_GROUP_BYTES + " bytes of UTF-8 and no control characters");
        }
        of(handshake.query());
    }

    /** Channels, each with the name it is wanted under: {@code events=all}, or names with commas between them. */
    Map<String, String> of(Map<String, String> query) {
        String wanted = query.getOrDefault("events", "");
        if (wanted.equals(ALL)) {
            return channels.all();
        }
        Map<String, String> names = new HashMap<>();
        for (String name : wanted.isEmpty() ? new String[0] : wanted.split(",", -1)) {
            String channel = channels.channel(name);
            if (channel != null) {
                names.put(channel, name);
            } else if (!channels.needsNoSubscription(name)) {
                throw Refusal.badRequest("events", "must be " + ALL + ", or some of " + channels.subscribableNames());
            }
        }
        return names;
    }
}

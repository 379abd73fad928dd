package dev.muster.node.protocol.event;

import dev.muster.node.event.EventType;
import dev.muster.node.event.Events;
import dev.muster.node.event.Notification;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What there is to subscribe to and to publish on a node. */
final class Channels {

    static final String INFO = "server.info";
    static final String ERROR = "server.error";
    static final String MESSAGE = "server.message";
    static final String JOINED = "server.userJoined";
    static final String LEFT = "server.userLeft";

    /** Who is in the room: the answer to each subscription to it, and not sent otherwise. */
    static final String MEMBERS = "server.members";

    /** Other names for them: whoever subscribes to such a name gets frames that carry it. */
    private static final Map<String, String> ALIASES =
            Map.of("broadcast", MESSAGE, "user.joined", JOINED, "user.left", LEFT, "notification", Notification.NAME);

    static final EventType<ClientMessage> CLIENT_MESSAGE = EventType.of(ClientMessage.class);
    static final EventType<SetUsername> SET_USERNAME = EventType.of(SetUsername.class);
    static final EventType<Notification> NOTIFICATION = EventType.of(Notification.class);

    /** Come without a subscription. */
    private static final Set<String> ALWAYS = Set.of(INFO, ERROR, MEMBERS);

    private static final Set<String> BUILT_IN = Set.of(MESSAGE, JOINED, LEFT, Notification.NAME);

    private final Map<String, EventType<?>> fromClients = new HashMap<>();
    private final Map<String, String> subscribable = new HashMap<>();
    private final Map<String, String> all = new LinkedHashMap<>();

    Channels(Events events) {
        fromClients.put(CLIENT_MESSAGE.name(), CLIENT_MESSAGE);
        fromClients.put(SET_USERNAME.name(), SET_USERNAME);
        BUILT_IN.forEach(name -> all.put(name, name));
        for (String name : events.names()) {
            EventType<?> type = events.find(name);
            if (ALIASES.containsKey(name)
                    || ALWAYS.contains(name)
                    || BUILT_IN.contains(name) && type != null && type.type() != Notification.class) {
                throw new IllegalArgumentException("the event " + name + " is the node's own");
            }
            if (!Events.isFromClients(name)) {
                all.put(name, name);
            } else if (fromClients.putIfAbsent(name, type) != null && type != null && fromClients.get(name) != type) {
                throw new IllegalArgumentException("the event " + name + " is the node's own");
            }
        }
        subscribable.putAll(ALIASES);
        subscribable.putAll(all);
    }

    /** The event that clients publish under this name. */
    @Nullable
    EventType<?> fromClients(String name) {
        return fromClients.get(name);
    }

    /** Which channel a client means by a name; null if there is none to subscribe to. */
    @Nullable
    String channel(String name) {
        return subscribable.get(name);
    }

    /** Whether it may be named in a subscription, which makes no difference. */
    boolean needsNoSubscription(String name) {
        return ALWAYS.contains(name) || fromClients.containsKey(name);
    }

    /** Every channel under its own name. */
    Map<String, String> all() {
        return Map.copyOf(all);
    }

    /** For people: what can be subscribed to. */
    String subscribableNames() {
        return String.join(", ", new TreeSet<>(subscribable.keySet()));
    }

    /** For people: what can be published. */
    String publishableNames() {
        return String.join(", ", new TreeSet<>(fromClients.keySet()));
    }
}

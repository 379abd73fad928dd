package dev.muster.registry.redis;

import dev.muster.registry.Limits;
import dev.muster.registry.NodeId;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.codec.BodyCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels this node listens to, and what becomes of what they bring. What cannot be read is dropped and counted:
 * anybody who may publish on the server could have sent it. On the home context.
 */
final class Watches {

    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
    private static final long WARN_EVERY_NANOS = 10_000_000_000L;

    private final Home home;
    private final Access access;
    private final Map<String, Watched> byChannel = new HashMap<>();
    private @Nullable RegistryListener listener;
    private @Nullable SubscriberLink link;
    private long canaries;
    private long lastCanary;
    private long dropped;
    private long lastWarning;

    /** A group this node watches. */
    private static final class Watched {
        final String group;
        final Positions positions = new Positions();

        Watched(String group) {
            this.group = group;
        }
    }

    Watches(Home home, Access access) {
        this.home = home;
        this.access = access;
    }

    void listener(RegistryListener listener) {
        this.listener = listener;
    }

    /** How many messages could not be read so far. */
    long dropped() {
        return dropped;
    }

    /** Uses a new subscriber connection, and subscribes it to everything. */
    Future<Void> use(SubscriberLink subscriber) {
        link = subscriber;
        lastCanary = home.now();
        List<String> channels = new ArrayList<>(byChannel.keySet());
        channels.add(access.keys().broadcastChannel());
        channels.add(access.keys().channel(access.self()));
        return subscriber.subscribe(channels);
    }

    void flush() {
        if (link != null) {
            link.flush();
        }
    }

    /** The group's channel is subscribed once this completes. */
    Future<Void> add(String group) {
        SubscriberLink current = link;
        if (current == null) {
            return Future.failedFuture(Failures.unavailable("there is no subscriber connection to Redis"));
        }
        String channel = access.keys().channel(group);
        byChannel.computeIfAbsent(channel, unknown -> new Watched(group));
        return current.subscribe(channel).onFailure(cause -> LOG.debug("Could not subscribe", cause));
    }

    void remove(String group) {
        String channel = access.keys().channel(group);
        if (byChannel.remove(channel) != null && link != null) {
            link.unsubscribe(channel);
        }
    }

    /** The node's own channel changes with its incarnation. */
    Future<Void> changeIncarnation(NodeId from, NodeId to) {
        if (link == null) {
            return Future.failedFuture(Failures.unavailable("there is no subscriber connection to Redis"));
        }
        link.unsubscribe(access.keys().channel(from));
        return link.subscribe(List.of(access.keys().channel(to)));
    }

    /** The next canary to send through the node's own channel. */
    Buffer nextCanary() {
        return Frames.canary(++canaries);
    }

    /** How long ago something came through the node's own channel. */
    long sinceCanary() {
        return home.now() - lastCanary;
    }

    void receive(String channel, Buffer message) {
        try {
            if (!dispatch(channel, message)) {
                drop(channel);
            }
        } catch (RuntimeException malformed) {
            LOG.debug("Unreadable message", malformed);
            drop(channel);
        }
    }

    private void drop(String channel) {
        dropped++;
        long now = home.now();
        if (dropped == 1 || now - lastWarning > WARN_EVERY_NANOS) {
            lastWarning = now;
            LOG.warn(
                    "A message on the channel {} of the registry is none of its own and was dropped; {} so far",
                    Limits.shown(channel),
                    dropped);
        }
    }

    private boolean dispatch(String channel, Buffer message) {
        Watched watched = byChannel.get(channel);
        byte kind = message.getByte(0);
        if (watched != null) {
            return dispatch(watched, kind, message);
        }
        if (channel.equals(access.keys().broadcastChannel())) {
            return kind == Frames.FAST && broadcast(fast(message));
        }
        if (channel.startsWith(access.keys().nodeChannels())) {
            return dispatchOwn(kind, message);
        }
        // A group that was unwatched a moment ago.
        return true;
    }

    private boolean dispatch(Watched watched, byte kind, Buffer message) {
        switch (kind) {
            case Frames.ENTRY, Frames.JOINED, Frames.LEFT ->
                publish(watched, Entries.decode(message, watched.positions));
            case Frames.ENTRIES -> {
                for (int at = 1; at < message.length(); ) {
                    int length = message.getInt(at);
                    Buffer entry = message.slice(at + 4, at + 4 + length);
                    publish(watched, Entries.decode(entry, watched.positions));
                    at += 4 + length;
                }
            }
            case Frames.FAST -> publish(watched, fast(message));
            case Frames.MEMBERS_RESET -> {
                // This node has told its own listener itself.
                if (!message.getString(1, message.length()).equals(access.owner())) {
                    guarded(told -> told.onMembersReset(watched.group));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean dispatchOwn(byte kind, Buffer message) {
        switch (kind) {
            case Frames.CANARY -> lastCanary = home.now();
            case Frames.PROBE -> {
                // That somebody listens is the answer, and the server has given it already.
            }
            case Frames.SEND -> {
                int length = message.getUnsignedByte(1);
                String id = message.getString(2, 2 + length, StandardCharsets.UTF_8.name());
                Buffer payload = message.slice(2 + length, message.length());
                guarded(told -> told.onSend(id, payload));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Publication fast(Buffer message) {
        return BodyCodec.decode(message, Frames.FAST_BODY, null, Positions.sixBytes(message, 1));
    }

    private void publish(Watched watched, Publication publication) {
        guarded(told -> told.onPublication(watched.group, publication));
    }

    private boolean broadcast(Publication publication) {
        guarded(told -> told.onBroadcast(publication));
        return true;
    }

    /** Tells the listener; one that throws does not stop delivery (R23). */
    void guarded(Consumer<RegistryListener> callback) {
        if (listener == null) {
            return;
        }
        try {
            callback.accept(listener);
        } catch (RuntimeException failure) {
            LOG.error("The node failed to take what the registry told it, delivery goes on", failure);
        }
    }

    /** Watches a group, with the head at which that began. */
    Future<Position> watch(String group, GroupLog log) {
        return add(group).compose(subscribed -> log.head(group));
    }
}

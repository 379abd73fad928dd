package dev.muster.registry.redis;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.GroupPolicy;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node holds: its connections and their memberships as the server has confirmed them. From this the server's
 * state is restored when it has lost it (R22). Belongs to the home context.
 */
final class LocalState {

    /** A connection of this node. */
    static final class Held {
        /** As it was registered last; null until the server has confirmed it, and after it was unregistered. */
        @Nullable
        ConnectionRecord record;

        final Map<String, GroupPolicy> groups = new LinkedHashMap<>();
        /** Completes when the last call of this connection has. */
        private Future<?> last = Future.succeededFuture();

        private int underWay;
    }

    private final Map<String, Held> connections = new LinkedHashMap<>();
    /** What left, and could not be ended at the server although it can be reached: connection ids with groups. */
    private final Map<String, Set<String>> owed = new LinkedHashMap<>();
    /** Counts what left, so that a comparison with the server knows whether it is still true. */
    private long departures;

    /** Connections by id, in the order they came. */
    Map<String, Held> connections() {
        return connections;
    }

    long departures() {
        return departures;
    }

    @Nullable
    Held find(String connectionId) {
        return connections.get(connectionId);
    }

    /** Runs {@code work} when all earlier calls of the connection have ended (R05). */
    <T> Future<T> inOrder(String connectionId, Supplier<Future<T>> work) {
        Held held = connections.computeIfAbsent(connectionId, unknown -> new Held());
        Promise<T> promise = Promise.promise();
        held.underWay++;
        Future<?> before = held.last;
        held.last = promise.future();
        before.onComplete(ended -> begin(work, promise));
        return promise.future().onComplete(ended -> {
            if (--held.underWay == 0 && held.record == null) {
                connections.remove(connectionId, held);
            }
        });
    }

    private static <T> void begin(Supplier<Future<T>> work, Promise<T> promise) {
        Future<T> result;
        try {
            result = work.get();
        } catch (RuntimeException failure) {
            result = Future.failedFuture(failure);
        }
        result.onComplete(promise);
    }

    /** The connection is gone, whatever the server knows. Returns the groups it was in. */
    Map<String, GroupPolicy> drop(Held held) {
        Map<String, GroupPolicy> groups = new HashMap<>(held.groups);
        held.record = null;
        held.groups.clear();
        departures++;
        return groups;
    }

    /** The server could not be told that the connection, or its membership in these groups, is gone. */
    void owe(String connectionId, Collection<String> groups) {
        owed.computeIfAbsent(connectionId, first -> new LinkedHashSet<>()).addAll(groups);
    }

    /** What is owed; nothing is from now on. */
    Map<String, Set<String>> takeOwed() {
        Map<String, Set<String>> taken = new LinkedHashMap<>(owed);
        owed.clear();
        return taken;
    }

    /** The membership is gone, whatever the server knows. */
    void drop(Held held, String group) {
        held.groups.remove(group);
        departures++;
    }
}

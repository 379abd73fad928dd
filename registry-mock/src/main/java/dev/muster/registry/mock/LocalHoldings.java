package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node registered, as the node itself remembers it. The backend can lose its copy; from this one it is restored
 * (R22). An operation that ends something ends it here even if the backend cannot be reached: what the backend then
 * has too much is taken away with the next restoration.
 */
final class LocalHoldings {

    /** A membership: how it was joined, and the position that a repeated join returns (R12). */
    record Joined(ConnectionRecord record, GroupPolicy policy, Position since) {}

    /** A connection and its memberships by group. */
    static final class Local {
        ConnectionRecord record;
        final Map<String, Joined> groups = new LinkedHashMap<>();

        Local(ConnectionRecord record) {
            this.record = record;
        }
    }

    final Map<String, Local> connections = new LinkedHashMap<>();
    final Set<String> watches = new LinkedHashSet<>();

    void register(ConnectionRecord record) {
        Local known = connections.get(record.connectionId());
        if (known == null) {
            connections.put(record.connectionId(), new Local(record));
        } else {
            known.record = record;
        }
    }

    boolean unregister(String connectionId) {
        return connections.remove(connectionId) != null;
    }

    boolean holds(String connectionId) {
        return connections.containsKey(connectionId);
    }

    void join(String connectionId, String group, GroupPolicy policy, Position since) {
        Local local = connections.get(connectionId);
        if (local != null) {
            Joined known = local.groups.get(group);
            ConnectionRecord record = known == null ? local.record : known.record();
            local.groups.put(group, new Joined(record, policy, since));
        }
    }

    void leave(String connectionId, String group) {
        Local local = connections.get(connectionId);
        if (local != null) {
            local.groups.remove(group);
        }
    }

    @Nullable
    Joined joined(String connectionId, String group) {
        Local local = connections.get(connectionId);
        return local == null ? null : local.groups.get(group);
    }
}

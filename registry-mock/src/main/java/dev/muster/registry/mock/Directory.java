package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The records of all connections, by id and by user. */
final class Directory {

    private static final Comparator<ConnectionRecord> OLDEST_FIRST =
            Comparator.comparing(ConnectionRecord::connectedAt).thenComparing(ConnectionRecord::connectionId);

    private final Map<String, ConnectionRecord> byId = new HashMap<>();
    private final Map<String, Map<String, ConnectionRecord>> byUser = new HashMap<>();

    int size() {
        return byId.size();
    }

    @Nullable
    ConnectionRecord get(String connectionId) {
        return byId.get(connectionId);
    }

    /** Puts a record in the place of an older one of the same connection, which is returned. */
    @Nullable
    ConnectionRecord put(ConnectionRecord record) {
        ConnectionRecord before = remove(record.connectionId());
        byId.put(record.connectionId(), record);
        if (record.user() != null) {
            byUser.computeIfAbsent(record.user(), user -> new HashMap<>()).put(record.connectionId(), record);
        }
        return before;
    }

    @Nullable
    ConnectionRecord remove(String connectionId) {
        ConnectionRecord removed = byId.remove(connectionId);
        if (removed != null && removed.user() != null) {
            byUser.computeIfPresent(removed.user(), (user, records) -> {
                records.remove(connectionId);
                return records.isEmpty() ? null : records;
            });
        }
        return removed;
    }

    List<ConnectionRecord> ofUser(String user) {
        List<ConnectionRecord> found =
                new ArrayList<>(byUser.getOrDefault(user, Map.of()).values());
        found.sort(OLDEST_FIRST);
        return found;
    }

    Collection<ConnectionRecord> all() {
        return byId.values();
    }
}

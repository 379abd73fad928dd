package dev.muster.registry.hazelcast;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.codec.RecordCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node holds: its connections, their memberships, and the groups it watches. The cluster's state is made to
 * agree with it after an outage, and after any call whose outcome is unknown.
 */
final class Holdings {

    /** Epochs remembered of a group: as many as the group itself remembers. */
    private static final int EPOCHS = Epochs.KEPT;

    /** What one call entered, told by its identity from what a later one enters in its place. */
    private static final class Membership {
        final ConnectionRecord record;

        Membership(ConnectionRecord record) {
            this.record = record;
        }
    }

    /** What this node has to do with a group. Guarded by the map's lock on its key. */
    private static final class Held {
        final Map<String, Membership> joined = new LinkedHashMap<>();
        final Set<String> epochs = new LinkedHashSet<>();
        GroupPolicy policy = GroupPolicy.DEFAULT;
        /** The call that began to watch; null if none is watched for. */
        @Nullable
        Object watch;

        boolean isEmpty() {
            return joined.isEmpty() && watch == null;
        }

        void seen(String epoch) {
            if (epochs.add(epoch) && epochs.size() > EPOCHS) {
                epochs.remove(epochs.iterator().next());
            }
        }
    }

    private final GroupPipes pipes;
    private final Supplier<NodeId> self;
    private final ConcurrentHashMap<String, Connection> connections = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Held> groups = new ConcurrentHashMap<>();
    private final Set<String> doubtful = ConcurrentHashMap.newKeySet();

    Holdings(GroupPipes pipes, Supplier<NodeId> self) {
        this.pipes = pipes;
        this.self = self;
    }

    // ---- connections ----

    /** The connection, unless it is unknown or going. */
    @Nullable
    Connection connection(String id) {
        Connection connection = connections.get(id);
        return connection == null || connection.gone() ? null : connection;
    }

    Collection<Connection> connections() {
        return connections.values();
    }

    /** The connection of this record: a new one, unless there is one that stays. */
    Connection hold(ConnectionRecord record) {
        return connections.compute(record.connectionId(), (id, present) -> {
            if (present == null) {
                return new Connection(record);
            }
            return present.gone() ? Connection.after(present, record) : present;
        });
    }

    /** Nothing more happens to a connection that was released. */
    void forget(Connection connection) {
        connections.remove(connection.id(), connection);
    }

    // ---- groups ----

    boolean isWatched(String group) {
        Held held = groups.get(group);
        return held != null && held.watch != null;
    }

    Collection<String> groupNames() {
        return groups.keySet();
    }

    /** Groups for which a call ended without saying what became of it. */
    Set<String> doubtful() {
        return doubtful;
    }

    CompletableFuture<OpAnswer> watch(String group) {
        Object call = new Object();
        return change(group, held -> held.watch = held.watch == null ? call : held.watch, new GroupOp.Watch(), held -> {
            if (held.watch == call) {
                held.watch = null;
            }
        });
    }

    CompletableFuture<OpAnswer> unwatch(String group) {
        return change(group, held -> held.watch = null, new GroupOp.Unwatch(), held -> {});
    }

    CompletableFuture<OpAnswer> join(Connection connection, String group, GroupPolicy policy) {
        ConnectionRecord record = connection.record();
        Membership entered = new Membership(record);
        return change(
                group,
                held -> {
                    held.joined.putIfAbsent(connection.id(), entered);
                    held.policy = policy;
                    connection.groups().add(group);
                },
                join(record, policy),
                held -> {
                    if (held.joined.remove(connection.id(), entered)) {
                        connection.groups().remove(group);
                    }
                });
    }

    CompletableFuture<OpAnswer> leave(Connection connection, String group) {
        connection.groups().remove(group);
        return change(
                group, held -> held.joined.remove(connection.id()), new GroupOp.Leave(connection.id()), held -> {});
    }

    private GroupOp.Join join(ConnectionRecord record, GroupPolicy policy) {
        byte[] encoded = RecordCodec.encode(record.heldBy(self.get())).getBytes();
        return new GroupOp.Join(record.connectionId(), encoded, policy);
    }

    private interface Change {
        void to(Held held);
    }

    /** Changes what is held and asks the group for the same, in one step: so both see one order. */
    private CompletableFuture<OpAnswer> change(String group, Change change, GroupOp op, Change undo) {
        List<CompletableFuture<OpAnswer>> answer = new ArrayList<>(1);
        groups.compute(group, (name, present) -> {
            Held held = present == null ? new Held() : present;
            change.to(held);
            answer.add(pipes.enqueue(group, op));
            return held.isEmpty() ? null : held;
        });
        pipes.pump(group);
        return answer.get(0).whenComplete((done, failure) -> {
            groups.computeIfPresent(group, (name, held) -> {
                if (failure == null) {
                    held.seen(done.position().epoch());
                } else {
                    undo.to(held);
                }
                return held.isEmpty() ? null : held;
            });
            if (failure != null) {
                // Only now: whoever settles it is to see what is held after all.
                doubtful.add(group);
            }
        });
    }

    /** A position of the group was seen. */
    void seen(String group, String epoch) {
        Held held = groups.get(group);
        if (held != null) {
            groups.computeIfPresent(group, (name, present) -> {
                present.seen(epoch);
                return present;
            });
        }
    }

    /** Drops a membership without asking the group, for the next {@link #reconcile} to see. */
    void dropQuietly(Connection connection) {
        for (String group : connection.groups()) {
            groups.computeIfPresent(group, (name, held) -> {
                held.joined.remove(connection.id());
                return held.isEmpty() ? null : held;
            });
            doubtful.add(group);
        }
        connection.groups().clear();
    }

    void leaveQuietly(Connection connection, String group) {
        connection.groups().remove(group);
        groups.computeIfPresent(group, (name, held) -> {
            held.joined.remove(connection.id());
            return held.isEmpty() ? null : held;
        });
        doubtful.add(group);
    }

    void unwatchQuietly(String group) {
        groups.computeIfPresent(group, (name, held) -> {
            held.watch = null;
            return held.isEmpty() ? null : held;
        });
        doubtful.add(group);
    }

    /** Makes the group agree with what is held; {@code before} are earlier incarnations of this node. */
    CompletableFuture<OpAnswer> reconcile(String group, Set<Long> before) {
        List<CompletableFuture<OpAnswer>> answer = new ArrayList<>(1);
        doubtful.remove(group);
        groups.compute(group, (name, present) -> {
            Held held = present == null ? new Held() : present;
            List<GroupOp.Join> joins = new ArrayList<>(held.joined.size());
            held.joined.values().forEach(each -> joins.add(join(each.record, held.policy)));
            List<String> known = List.copyOf(held.epochs);
            answer.add(pipes.enqueue(group, new Reconcile(Set.copyOf(before), held.watch != null, joins, known)));
            return present;
        });
        pipes.pump(group);
        return answer.get(0).whenComplete((done, failure) -> {
            if (failure == null) {
                seen(group, done.position().epoch());
            } else {
                doubtful.add(group);
            }
        });
    }
}

package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupCount;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Limits;
import dev.muster.registry.NodeId;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.Slice;
import dev.muster.registry.Slice.Completeness;
import dev.muster.registry.SnapshotPage;
import dev.muster.registry.codec.RecordCodec;
import io.vertx.core.Closeable;
import io.vertx.core.Completable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One node's registry in an {@link InMemoryCluster}. */
final class InMemoryRegistry implements ConnectionRegistry {

    private static final int MAX_LIMIT = 1_000;

    /** The position of a log that is not there; no log has it. */
    private static final Position NOWHERE = new Position("none", 0);

    private final Backend backend;
    private final RegistryContext context;
    private final Context own;
    private final NodeSession session;
    private final Commands commands;
    private @Nullable Reply<Void> closing;

    /**
     * @param released runs when this node has left, in whatever way
     */
    InMemoryRegistry(Backend backend, RegistryContext context, Runnable released) {
        this.backend = backend;
        this.context = context;
        VertxInternal vertx = (VertxInternal) context.vertx();
        own = vertx.createEventLoopContext();
        // A node whose Vert.x goes cannot do anything any more: to the others it has died.
        Closeable crash = this::crash;
        vertx.addCloseHook(crash);
        session = new NodeSession(backend, context, own, () -> {
            vertx.removeCloseHook(crash);
            released.run();
        });
        commands = session.commands();
    }

    /** Where the listener is called, and callers that have no context are answered. */
    Context context() {
        return own;
    }

    /** Whether nothing is on its way to the listener that could get there now. */
    boolean isQuiet() {
        return session.link().isQuiet();
    }

    // ---- lifecycle ----

    private void crash(Completable<Void> completion) {
        backend.exclusively(session::crash);
        completion.succeed();
    }

    @Override
    public Future<Void> start(RegistryListener listener) {
        Objects.requireNonNull(listener, "listener");
        Reply<Void> reply = commands.reply();
        backend.exclusively(() -> session.start(listener, reply));
        return reply.future();
    }

    @Override
    public Future<Void> close() {
        Reply<Void> reply = commands.reply();
        backend.exclusively(() -> {
            if (closing != null) {
                closing.future().onComplete(done -> reply.complete(null));
                return;
            }
            closing = reply;
            NodeId leaving = session.self();
            if (session.end(true)) {
                long deadline = backend.time.nanoTime()
                        + context.timings().operationTimeout().toNanos();
                own.runOnContext(turn -> clear(leaving, deadline, reply));
            } else {
                session.released();
                reply.complete(null);
            }
        });
        return reply.future();
    }

    /** Sweeps what this node held, step by step; what does not fit the time is left to the others (R25). */
    private void clear(NodeId leaving, long deadline, Reply<Void> reply) {
        backend.exclusively(() -> {
            boolean done = backend.state().bury(leaving, Backend.SWEEP_STEP);
            if (done || backend.time.nanoTime() - deadline >= 0) {
                session.released();
                reply.complete(null);
            } else {
                own.runOnContext(turn -> clear(leaving, deadline, reply));
            }
        });
    }

    @Override
    public NodeId self() {
        return session.self();
    }

    @Override
    public Set<NodeId> nodes() {
        return session.nodes();
    }

    // ---- connections ----

    @Override
    public Future<Void> register(ConnectionRecord record) {
        // Encoded only to hold it to the size that other backends can store.
        RecordCodec.encode(record);
        return commands.exclusive(() -> {
            ConnectionRecord held = record.heldBy(session.self());
            backend.state().register(held);
            session.local().register(held);
            return null;
        });
    }

    @Override
    public Future<Boolean> unregister(String connectionId) {
        Limits.connectionId(connectionId);
        LocalHoldings local = session.local();
        return commands.exclusive(
                () -> local.unregister(connectionId) && backend.state().unregister(session.self(), connectionId),
                () -> local.unregister(connectionId));
    }

    @Override
    public Future<Optional<ConnectionRecord>> locate(String connectionId) {
        Limits.connectionId(connectionId);
        return commands.shared(() -> Optional.ofNullable(backend.state().locate(connectionId)));
    }

    @Override
    public Future<List<ConnectionRecord>> connectionsOf(String user) {
        if (user.isEmpty() || user.length() > Limits.MAX_USER_ID) {
            throw new IllegalArgumentException(
                    "user must have 1 to " + Limits.MAX_USER_ID + " characters, but is \"" + Limits.shown(user) + "\"");
        }
        return commands.shared(() -> backend.state().connectionsOf(user));
    }

    @Override
    public Future<Long> connectionCount() {
        return commands.shared(() -> backend.state().connectionCount());
    }

    // ---- interest ----

    @Override
    public Future<Position> watch(String group) {
        Limits.group(group);
        return commands.exclusive(() -> {
            session.local().watches.add(group);
            return backend.state().watch(session.self(), session.link(), group);
        });
    }

    @Override
    public Future<Void> unwatch(String group) {
        Limits.group(group);
        LocalHoldings local = session.local();
        return commands.exclusive(
                () -> {
                    local.watches.remove(group);
                    backend.state().unwatch(session.self(), group);
                    return null;
                },
                () -> local.watches.remove(group));
    }

    // ---- membership ----

    @Override
    public Future<Position> join(String connectionId, String group, GroupPolicy policy) {
        Limits.connectionId(connectionId);
        Limits.group(group);
        Objects.requireNonNull(policy, "policy");
        LocalHoldings local = session.local();
        return commands.exclusive(() -> {
            if (!local.holds(connectionId)) {
                throw new RegistryException(
                        Reason.UNKNOWN_CONNECTION, "connection " + connectionId + " is not registered by this node");
            }
            Position since = backend.state().join(session.self(), connectionId, group, policy);
            local.join(connectionId, group, policy, since);
            return since;
        });
    }

    @Override
    public Future<Boolean> leave(String connectionId, String group) {
        Limits.connectionId(connectionId);
        Limits.group(group);
        LocalHoldings local = session.local();
        return commands.exclusive(
                () -> {
                    local.leave(connectionId, group);
                    return backend.state().leave(session.self(), connectionId, group);
                },
                () -> local.leave(connectionId, group));
    }

    @Override
    public Future<Page<ConnectionRecord>> members(String group, @Nullable String cursor, int limit) {
        Limits.group(group);
        limit(limit);
        long after = cursor == null ? 0 : Members.number(cursor);
        return commands.shared(() -> {
            Group found = backend.state().find(group);
            return found == null ? new Page<>(List.of(), null) : found.members(after, limit);
        });
    }

    @Override
    public Future<Long> memberCount(String group) {
        Limits.group(group);
        return commands.shared(() -> {
            Group found = backend.state().find(group);
            return found == null ? 0L : (long) found.memberCount();
        });
    }

    @Override
    public Future<Set<String>> groupsOf(String connectionId) {
        Limits.connectionId(connectionId);
        return commands.shared(() -> backend.state().groupsOf(connectionId));
    }

    @Override
    public Future<Page<GroupCount>> groups(@Nullable String cursor) {
        return commands.shared(() -> backend.state().groups(cursor));
    }

    // ---- publishing ----

    @Override
    public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
        Limits.group(group);
        Limits.payload(draft.payload(), context.maxPayload());
        Objects.requireNonNull(policy, "policy");
        return commands.shared(() -> append(group, draft, policy));
    }

    private Published append(String group, Draft draft, GroupPolicy policy) {
        ClusterState state = backend.state();
        // A fast publication leaves no trace, so it makes no group either (R15).
        Group target = draft.fast() ? state.find(group) : state.obtain(group);
        if (target == null) {
            return new Published(null, false);
        }
        Published published = target.publish(draft, policy, context.timings());
        if (draft.change() != null) {
            state.touched(target);
        }
        return published;
    }

    @Override
    public Future<Void> publishAll(Draft draft) {
        if (!draft.fast()) {
            throw new IllegalArgumentException("what goes to every node has no position, so the draft must be fast");
        }
        Limits.payload(draft.payload(), context.maxPayload());
        return commands.shared(() -> {
            long now = backend.time.currentTimeMillis();
            backend.broadcast(new Delivery.OfBroadcast(Publication.of(draft, null, now)));
            return null;
        });
    }

    @Override
    public Future<Slice> read(String group, Position after, int limit) {
        Limits.group(group);
        Objects.requireNonNull(after, "after");
        limit(limit);
        return commands.shared(() -> {
            Group found = backend.state().find(group);
            return found == null ? Slice.broken(NOWHERE, Completeness.EPOCH_CHANGED) : found.read(after, limit);
        });
    }

    @Override
    public Future<Map<String, Position>> heads(Collection<String> groups) {
        List<String> asked = List.copyOf(groups);
        asked.forEach(Limits::group);
        return commands.shared(() -> backend.state().heads(asked));
    }

    @Override
    public Future<SnapshotPage> snapshot(String group, @Nullable String cursor) {
        Limits.group(group);
        Entries.Cursor from = cursor == null ? null : Entries.Cursor.parse(cursor);
        // Makes the group if need be: the base has to be a position from which one can read on (R17).
        return commands.shared(() -> backend.state().obtain(group).snapshot(from));
    }

    @Override
    public Future<Boolean> send(String connectionId, Buffer payload) {
        Limits.connectionId(connectionId);
        Limits.payload(payload, context.maxPayload());
        return commands.shared(() -> backend.send(connectionId, new Delivery.OfBytes(connectionId, payload)));
    }

    private static void limit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", but is " + limit);
        }
    }
}

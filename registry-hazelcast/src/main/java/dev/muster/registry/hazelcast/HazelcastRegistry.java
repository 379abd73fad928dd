package dev.muster.registry.hazelcast;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupCount;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Limits;
import dev.muster.registry.NodeId;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.Slice;
import dev.muster.registry.SnapshotPage;
import dev.muster.registry.codec.BodyCodec;
import dev.muster.registry.hazelcast.OpAnswer.Status;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One node's registry in the cluster of Hazelcast members that the nodes embed. */
final class HazelcastRegistry implements ConnectionRegistry {

    private static final int MAX_LIMIT = 1_000;

    /** Starting a member takes a second or two; joining one that migrates a lot, longer. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** After the operation time-out, Hazelcast moves what the member keeps to the others: at most 10 s. */
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(12);

    private final Core core;
    private final Supervisor supervisor;
    private final Calls calls;
    private final Groups groups;

    HazelcastRegistry(RegistryContext context, HazelcastOptions options) {
        core = new Core(context, options);
        supervisor = new Supervisor(core);
        calls = new Calls(
                context.vertx(), core.callbacks().control(), context.timings().operationTimeout());
        groups = new Groups(core);
    }

    private <S, T> Future<T> guarded(
            Supplier<? extends CompletionStage<S>> work, Function<? super S, ? extends T> map) {
        RegistryException refusal = supervisor.refusal();
        return refusal == null ? calls.call(work, map) : Calls.failed(refusal);
    }

    /** As {@link #guarded}; if the cluster cannot be used now, {@code later} sees to it that it is made up for. */
    private <S, T> Future<T> guaranteed(
            Supplier<? extends CompletionStage<S>> work, Function<? super S, ? extends T> map, Runnable later) {
        RegistryException refusal = supervisor.refusal();
        if (refusal == null) {
            return calls.call(work, map);
        }
        if (refusal.reason() == Reason.UNAVAILABLE) {
            later.run();
        }
        return Calls.failed(refusal);
    }

    // ---- lifecycle ----

    @Override
    public Future<Void> start(RegistryListener listener) {
        Objects.requireNonNull(listener, "listener");
        return calls.call(() -> supervisor.start(listener), done -> null, START_LIMIT, () -> {});
    }

    @Override
    public Future<Void> close() {
        Duration limit = core.context().timings().operationTimeout().plus(SHUTDOWN_LIMIT);
        return calls.<Void, Void>call(supervisor::close, done -> null, limit, () -> {})
                .otherwiseEmpty();
    }

    @Override
    public NodeId self() {
        return core.self();
    }

    @Override
    public Set<NodeId> nodes() {
        return core.nodes().up();
    }

    // ---- connections ----

    @Override
    public Future<Void> register(ConnectionRecord record) {
        Directory.check(record, core.self());
        return guarded(() -> core.directory().register(record), done -> null);
    }

    @Override
    public Future<Boolean> unregister(String connectionId) {
        Limits.connectionId(connectionId);
        Connection connection = core.holdings().connection(connectionId);
        if (connection == null) {
            return guarded(() -> CompletableFuture.completedStage(false), done -> done);
        }
        return guaranteed(() -> core.directory().unregister(connection), done -> done, () -> {
            CompletableFuture<?> unused = core.directory().unregisterLater(connection);
        });
    }

    @Override
    public Future<Optional<ConnectionRecord>> locate(String connectionId) {
        Limits.connectionId(connectionId);
        return guarded(() -> core.directory().locate(connectionId), found -> found);
    }

    @Override
    public Future<List<ConnectionRecord>> connectionsOf(String user) {
        Objects.requireNonNull(user, "user");
        return guarded(() -> core.directory().connectionsOf(user), found -> found);
    }

    @Override
    public Future<Long> connectionCount() {
        return guarded(() -> groups.blocking(core.directory()::count), count -> count);
    }

    // ---- interest ----

    @Override
    public Future<Position> watch(String group) {
        Limits.group(group);
        return guarded(() -> core.holdings().watch(group), OpAnswer::position);
    }

    @Override
    public Future<Void> unwatch(String group) {
        Limits.group(group);
        return guaranteed(
                () -> core.holdings().unwatch(group),
                done -> null,
                () -> core.holdings().unwatchQuietly(group));
    }

    // ---- membership ----

    @Override
    public Future<Position> join(String connectionId, String group, GroupPolicy policy) {
        Limits.connectionId(connectionId);
        Limits.group(group);
        Objects.requireNonNull(policy, "policy");
        return guarded(
                () -> {
                    Connection connection = core.holdings().connection(connectionId);
                    CompletableFuture<OpAnswer> joined = connection == null
                            ? null
                            : connection.inGroup(() -> core.holdings().join(connection, group, policy));
                    if (joined == null) {
                        throw new RegistryException(
                                Reason.UNKNOWN_CONNECTION, "connection " + connectionId + " is not registered here");
                    }
                    return joined;
                },
                OpAnswer::position);
    }

    @Override
    public Future<Boolean> leave(String connectionId, String group) {
        Limits.connectionId(connectionId);
        Limits.group(group);
        Connection connection = core.holdings().connection(connectionId);
        if (connection == null) {
            return guarded(() -> CompletableFuture.completedStage(false), left -> left);
        }
        return guaranteed(
                () -> {
                    CompletableFuture<OpAnswer> left =
                            connection.inGroup(() -> core.holdings().leave(connection, group));
                    return left == null ? CompletableFuture.<@Nullable OpAnswer>completedFuture(null) : left;
                },
                answer -> answer != null && answer.status() == Status.DONE,
                () -> {
                    CompletableFuture<?> unused = connection.inGroup(() -> {
                        core.holdings().leaveQuietly(connection, group);
                        return CompletableFuture.completedFuture(null);
                    });
                });
    }

    @Override
    public Future<Page<ConnectionRecord>> members(String group, @Nullable String cursor, int limit) {
        Limits.group(group);
        checkLimit(limit);
        long after = MembersAnswer.after(cursor);
        return guarded(
                () -> groups.ask(group, GroupQuery.members(after, limit)),
                answer -> answer instanceof MembersAnswer members ? members.toPage() : new Page<>(List.of(), null));
    }

    @Override
    public Future<Long> memberCount(String group) {
        Limits.group(group);
        return guarded(
                () -> groups.ask(group, GroupQuery.of(GroupQuery.Kind.COUNT)),
                answer -> answer instanceof Integer count ? count.longValue() : 0L);
    }

    @Override
    public Future<Set<String>> groupsOf(String connectionId) {
        Limits.connectionId(connectionId);
        return guarded(() -> core.directory().groupsOf(connectionId), found -> found);
    }

    @Override
    public Future<Page<GroupCount>> groups(@Nullable String cursor) {
        int from = Groups.partition(cursor);
        return guarded(() -> groups.blocking(() -> groups.page(from)), page -> page);
    }

    // ---- publishing ----

    @Override
    public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
        Limits.group(group);
        Objects.requireNonNull(policy, "policy");
        Limits.payload(draft.payload(), core.context().maxPayload());
        RegistryException refusal = supervisor.refusal();
        if (refusal != null) {
            return Calls.failed(refusal);
        }
        Buffer body = BodyCodec.encode(draft);
        if (draft.fast()) {
            return calls.call(() -> groups.fast(group, body), done -> new Published(null, false));
        }
        CompletableFuture<OpAnswer> answer = core.pipes().submit(group, Publish.of(draft, body, policy));
        // One that timed out before it was sent leaves the order (R14).
        return calls.call(
                () -> answer,
                Groups::published,
                core.context().timings().operationTimeout(),
                () -> answer.cancel(false));
    }

    @Override
    public Future<Void> publishAll(Draft draft) {
        if (!draft.fast()) {
            throw new IllegalArgumentException("a draft for all nodes must be fast");
        }
        Limits.payload(draft.payload(), core.context().maxPayload());
        return guarded(() -> groups.broadcast(BodyCodec.encode(draft)), done -> null);
    }

    @Override
    public Future<Slice> read(String group, Position after, int limit) {
        Limits.group(group);
        Objects.requireNonNull(after, "after");
        checkLimit(limit);
        return guarded(() -> groups.read(group, after, limit), slice -> slice);
    }

    @Override
    public Future<Map<String, Position>> heads(Collection<String> names) {
        Set<String> asked = Set.copyOf(names);
        asked.forEach(Limits::group);
        return guarded(() -> groups.heads(asked), heads -> heads);
    }

    @Override
    public Future<SnapshotPage> snapshot(String group, @Nullable String cursor) {
        Limits.group(group);
        SnapshotAnswer.Cursor from = SnapshotAnswer.Cursor.parse(cursor);
        return guarded(() -> groups.snapshot(group, from), page -> page);
    }

    @Override
    public Future<Boolean> send(String connectionId, Buffer payload) {
        Limits.connectionId(connectionId);
        Limits.payload(payload, core.context().maxPayload());
        return guarded(() -> core.directory().send(connectionId, payload), handed -> handed);
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", but is " + limit);
        }
    }
}

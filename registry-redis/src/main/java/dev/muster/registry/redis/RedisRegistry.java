package dev.muster.registry.redis;

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
import dev.muster.registry.RegistryListener;
import dev.muster.registry.Slice;
import dev.muster.registry.SnapshotPage;
import dev.muster.registry.codec.BodyCodec;
import dev.muster.registry.codec.RecordCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A registry kept in Redis. Checks its arguments on the caller's thread and does everything else on its home context. */
final class RedisRegistry implements ConnectionRegistry {

    private static final int MAX_PAGE = 1_000;

    private final RegistryContext context;
    private final Home home;
    private final Access access;
    private final Supervisor supervisor;
    private final Watches watches;
    private final Leases leases;
    private final Directory directory;
    private final Memberships memberships;
    private final GroupLog log;
    private final Publisher publisher;
    private final AtomicReference<@Nullable Future<Void>> closing = new AtomicReference<>();

    RedisRegistry(RegistryContext context, RedisSettings settings) {
        this.context = context;
        // Reads them now rather than while a node waits to come in.
        Script.values();
        long timeoutMillis = context.timings().operationTimeout().toMillis();
        home = new Home(context.vertx(), context.nanoTime(), timeoutMillis * 1_000_000);
        access = new Access(home, context);
        LocalState local = new LocalState();
        watches = new Watches(home, access);
        leases = new Leases(home, access, watches);
        memberships = new Memberships(access, local);
        directory = new Directory(access, local, memberships);
        log = new GroupLog(access);
        publisher = new Publisher(access);
        RedisConnector connector = new RedisConnector(home, settings, context.nodeName(), timeoutMillis);
        supervisor = new Supervisor(
                home,
                access,
                connector,
                new Handshake(
                        context.namespace(), settings, context.timings().lease().toMillis()),
                watches,
                new Subscriber(home, access, connector, watches),
                leases,
                new Sweeper(access),
                new Restoration(access, local, directory, memberships, watches));
        // A connection is registered before it joins, and leaves before it is unregistered.
        home.afterEachRound(watches::flush);
        home.afterEachRound(directory::flushArrivals);
        home.afterEachRound(memberships::flush);
        home.afterEachRound(directory::flushDepartures);
        home.afterEachRound(log::flush);
        home.afterEachRound(publisher::flush);
    }

    @Override
    public Future<Void> start(RegistryListener listener) {
        Objects.requireNonNull(listener, "listener");
        return home.callUntimed(() -> {
            Future<Void> started = supervisor.start();
            if (!started.failed()) {
                watches.listener(listener);
            }
            return started;
        });
    }

    @Override
    public Future<Void> close() {
        Future<Void> present = closing.get();
        if (present != null) {
            return present;
        }
        Future<Void> closed = home.call(supervisor::close).recover(late -> {
            home.execute(supervisor::end);
            return Future.succeededFuture();
        });
        return closing.compareAndSet(null, closed) ? closed : Objects.requireNonNull(closing.get());
    }

    @Override
    public NodeId self() {
        return access.self();
    }

    @Override
    public Set<NodeId> nodes() {
        return leases.up();
    }

    @Override
    public Future<Void> register(ConnectionRecord record) {
        RecordCodec.encode(record.heldBy(access.self()));
        return serve(() -> directory.register(record));
    }

    @Override
    public Future<Boolean> unregister(String connectionId) {
        Limits.connectionId(connectionId);
        return open(() -> directory.unregister(connectionId));
    }

    @Override
    public Future<Optional<ConnectionRecord>> locate(String connectionId) {
        Limits.connectionId(connectionId);
        return serve(() -> directory.locate(connectionId));
    }

    @Override
    public Future<List<ConnectionRecord>> connectionsOf(String user) {
        Objects.requireNonNull(user, "user");
        return serve(() -> directory.connectionsOf(user));
    }

    @Override
    public Future<Long> connectionCount() {
        return serve(directory::connectionCount);
    }

    @Override
    public Future<Position> watch(String group) {
        Limits.group(group);
        return serve(() -> watches.watch(group, log));
    }

    @Override
    public Future<Void> unwatch(String group) {
        Limits.group(group);
        return open(() -> {
            watches.remove(group);
            return Future.succeededFuture();
        });
    }

    @Override
    public Future<Position> join(String connectionId, String group, GroupPolicy policy) {
        Limits.connectionId(connectionId);
        Limits.group(group);
        Objects.requireNonNull(policy, "policy");
        return serve(() -> memberships.join(connectionId, group, policy));
    }

    @Override
    public Future<Boolean> leave(String connectionId, String group) {
        Limits.connectionId(connectionId);
        Limits.group(group);
        return open(() -> memberships.leave(connectionId, group));
    }

    @Override
    public Future<Page<ConnectionRecord>> members(String group, @Nullable String cursor, int limit) {
        Limits.group(group);
        page(limit);
        if (cursor != null) {
            Cursors.number(cursor);
        }
        return serve(() -> memberships.members(group, cursor, limit));
    }

    @Override
    public Future<Long> memberCount(String group) {
        Limits.group(group);
        return serve(() -> memberships.memberCount(group));
    }

    @Override
    public Future<Set<String>> groupsOf(String connectionId) {
        Limits.connectionId(connectionId);
        return serve(() -> memberships.groupsOf(connectionId));
    }

    @Override
    public Future<Page<GroupCount>> groups(@Nullable String cursor) {
        return serve(() -> memberships.groups(cursor));
    }

    @Override
    public Future<Published> publish(String group, Draft draft, GroupPolicy policy) {
        Limits.group(group);
        Objects.requireNonNull(policy, "policy");
        Limits.payload(draft.payload(), context.maxPayload());
        if (draft.fast()) {
            Buffer frame = Frames.fast(context.clock().millis(), BodyCodec.encode(draft));
            return serve(() -> publishFast(access.keys().channel(group), frame).map(new Published(null, false)));
        }
        PublishRequest request = new PublishRequest(group, draft, policy, home.deadline());
        home.execute(() -> {
            supervisor.requireLease();
            publisher.add(request);
        });
        return request.future();
    }

    @Override
    public Future<Void> publishAll(Draft draft) {
        Limits.payload(draft.payload(), context.maxPayload());
        if (!draft.fast()) {
            throw new IllegalArgumentException("only a fast draft can be published to all nodes");
        }
        Buffer frame = Frames.fast(context.clock().millis(), BodyCodec.encode(draft));
        return serve(() -> publishFast(access.keys().broadcastChannel(), frame));
    }

    private Future<Void> publishFast(String channel, Buffer frame) {
        return access.run(Request.cmd(Command.PUBLISH).arg(channel).arg(frame), true)
                .mapEmpty();
    }

    @Override
    public Future<Slice> read(String group, Position after, int limit) {
        Limits.group(group);
        Objects.requireNonNull(after, "after");
        page(limit);
        return serve(() -> log.read(group, after, limit));
    }

    @Override
    public Future<Map<String, Position>> heads(Collection<String> groups) {
        List<String> names = List.copyOf(groups);
        names.forEach(Limits::group);
        return serve(() -> log.heads(names));
    }

    @Override
    public Future<SnapshotPage> snapshot(String group, @Nullable String cursor) {
        Limits.group(group);
        return serve(() -> log.snapshot(group, cursor));
    }

    @Override
    public Future<Boolean> send(String connectionId, Buffer payload) {
        Limits.connectionId(connectionId);
        Limits.payload(payload, context.maxPayload());
        return serve(() -> directory.send(connectionId, payload));
    }

    /** Performs an operation that needs the server. */
    private <T> Future<T> serve(Supplier<Future<T>> work) {
        return home.call(() -> {
            supervisor.requireLease();
            access.require();
            return work.get();
        });
    }

    /** Performs an operation that also has a local part, which is done when the server is away. */
    private <T> Future<T> open(Supplier<Future<T>> work) {
        return home.call(() -> {
            supervisor.requireLease();
            access.requireOpen();
            return work.get();
        });
    }

    private static void page(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_PAGE + ", but is " + limit);
        }
    }
}

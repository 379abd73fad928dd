package dev.muster.node.sync.session;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.sync.MutationPolicy;
import dev.muster.node.sync.QueryHandler;
import dev.muster.node.sync.Replica;
import dev.muster.node.sync.ReplicaUse;
import dev.muster.node.sync.Spaces;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.Watch;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The clients of a node's spaces. Any thread. */
public final class SyncClients {

    /** How often holders are looked for that are gone without a word, in seconds. */
    private static final int DEAD_EVERY = 10;

    /** Clients of one space. */
    private static final class Room {
        final Promise<Opened> opened = Promise.promise();
        int users;
    }

    private record Opened(ReplicaUse use, SyncHub hub, Controls controls, Watch listening) {}

    private final Spaces spaces;
    private final ConnectionRegistry registry;
    private final MutationPolicy mutations;
    private final LongSupplier nanoTime;
    private final Clock clock;
    private final Map<String, QueryHandler> queries;
    private final ConcurrentHashMap<String, Room> rooms = new ConcurrentHashMap<>();
    private int seconds;

    /**
     * @param everybody whether the node lets everybody in, as in development
     * @param nanoTime monotonic, in ns
     */
    public SyncClients(
            Spaces spaces, ConnectionRegistry registry, boolean everybody, LongSupplier nanoTime, Clock clock) {
        this.spaces = spaces;
        this.registry = registry;
        this.mutations = spaces.sync().mutations(everybody);
        this.nanoTime = nanoTime;
        this.clock = clock;
        Map<String, QueryHandler> handlers = new HashMap<>(spaces.sync().queries());
        handlers.putIfAbsent(EntitiesQuery.NAMESPACE, new EntitiesQuery(spaces.sync()));
        this.queries = Map.copyOf(handlers);
    }

    /** What was declared. */
    public Sync sync() {
        return spaces.sync();
    }

    // ---- clients ----

    /**
     * Lets a connection into a space.
     *
     * @param space null for {@link Sync#WORLD}, or if there is none the first there is
     * @return completes on the connection's loop; fails with a {@link CloseException}
     */
    public Future<SyncSession> open(Connection connection, SyncWire wire, @Nullable String space) {
        String name = space != null ? space : usual();
        // Told here, within the change of the entry: of two who come at once exactly one has made it.
        boolean[] made = new boolean[1];
        Room room = rooms.compute(name, (key, present) -> {
            made[0] = present == null;
            Room used = present == null ? new Room() : present;
            used.users++;
            return used;
        });
        if (made[0]) {
            make(name, room);
        }
        Promise<SyncSession> promise = Promise.promise();
        room.opened
                .future()
                .onComplete(opened -> connection.loop().execute(() -> {
                    if (opened.succeeded()) {
                        SyncSession session = new SyncSession(
                                connection, wire, opened.result().hub(), () -> leave(name, room));
                        session.open();
                        promise.complete(session);
                    } else {
                        promise.fail(closing(opened.cause()));
                    }
                }));
        return promise.future();
    }

    private String usual() {
        Sync sync = spaces.sync();
        return sync.hasSpace(Sync.WORLD) ? Sync.WORLD : sync.spaces().iterator().next();
    }

    private static CloseException closing(Throwable failure) {
        return new CloseException(
                SyncException.of(failure).status() == Status.NOT_FOUND
                        ? CloseReason.BAD_REQUEST.saying("there is no such space")
                        : CloseReason.REGISTRY_UNAVAILABLE);
    }

    private void make(String name, Room room) {
        spaces.open(name)
                .onSuccess(use -> use.replica().execute(() -> room.opened.complete(opened(name, use))))
                .onFailure(failure -> {
                    rooms.remove(name, room);
                    room.opened.fail(failure);
                });
    }

    private Opened opened(String name, ReplicaUse use) {
        Replica replica = use.replica();
        Sync sync = spaces.sync();
        ClientWork work = new ClientWork();
        SyncHub hub = new SyncHub(
                new ReplicaScene(replica, sync),
                new ReplicaLoop(replica, nanoTime),
                sync.tick().toNanos(),
                sync.conflating(),
                new SyncHub.Reading(name, sync.reading()),
                work);
        Rights rights = new Rights(name, mutations);
        Controls controls = new Controls(spaces.space(name), replica, rights, this::holder, hub, clock);
        work.begin(
                new Mutations(spaces.space(name), replica, spaces, rights, controls, hub),
                controls,
                new Queries(replica, queries, hub));
        Watch listening = replica.listen(hub);
        controls.releaseDead();
        return new Opened(use, hub, controls, listening);
    }

    private Future<Optional<NodeId>> holder(String connectionId) {
        return registry.locate(connectionId).map(found -> found.map(ConnectionRecord::node));
    }

    /** A client is gone; with the last of its space goes all that was for them. */
    private void leave(String name, Room room) {
        boolean[] last = new boolean[1];
        rooms.computeIfPresent(name, (key, present) -> {
            if (present != room) {
                return present;
            }
            present.users--;
            last[0] = present.users == 0;
            return last[0] ? null : present;
        });
        if (last[0]) {
            Opened opened = room.opened.future().result();
            opened.use().replica().execute(() -> {
                opened.listening().end();
                opened.use().end();
            });
        }
    }

    /** Connections of this node that a space is open for. Any thread. */
    public int count() {
        return rooms.values().stream().mapToInt(room -> room.users).sum();
    }

    // ---- what is due ----

    /** To be called each second, by one thread at a time. */
    public void tick() {
        seconds++;
        boolean isTime = seconds % DEAD_EVERY == 0;
        each(controls -> {
            controls.releaseIdle();
            if (isTime) {
                controls.releaseDead();
            }
        });
    }

    /** Another node is gone, and its connections with it. */
    public void nodeDown(NodeId node) {
        each(controls -> controls.releaseDead(node));
    }

    private void each(Consumer<Controls> action) {
        rooms.values().forEach(room -> {
            Opened opened = room.opened.future().result();
            if (opened != null) {
                opened.hub().execute(() -> action.accept(opened.controls()));
            }
        });
    }
}

package dev.muster.node.room;

import dev.muster.node.connection.Connection;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.Limits;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryException;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rooms of this node: who of its connections is in which, and what is said there. All methods may be called from
 * any thread.
 */
public final class Rooms {

    private final ConnectionRegistry registry;
    private final Clock clock;
    private final RoomTable table;
    private final Mailbox.Mailboxes mailboxes = new Mailbox.Mailboxes();
    private final Format.Formats formats = new Format.Formats();
    private final ConcurrentHashMap<String, Memberships> connections = new ConcurrentHashMap<>();
    private final LongAdder received = new LongAdder();
    private final @Nullable BroadcastLog broadcasts;

    /**
     * @param policies the first that names a room counts
     * @param clock for the times that people read
     * @param nanoTime monotonic, in ns
     * @param broadcasts told of every message, if anybody wants to read that
     */
    public Rooms(
            ConnectionRegistry registry,
            List<RoomPolicy> policies,
            Clock clock,
            LongSupplier nanoTime,
            @Nullable BroadcastLog broadcasts) {
        this.registry = registry;
        this.clock = clock;
        this.table = new RoomTable(registry, policies, clock, nanoTime);
        this.broadcasts = broadcasts;
    }

    // ---- membership ----

    /**
     * Makes a connection a member. Its {@link Member#welcome} is called before any event of the room. Again, while it
     * is a member or becomes one: no effect but the same answer.
     *
     * @return the position after which it gets everything. Fails with a
     *     {@link dev.muster.registry.RegistryException}, REJECTED for the 129th room of a connection, or with a
     *     {@link dev.muster.node.connection.CloseException} if the connection closed or should be closed
     */
    public Future<Position> join(Member member, String room) {
        Limits.group(room);
        Connection connection = member.connection();
        return onLoop(
                connection,
                () -> membershipsOf(connection)
                        .join(
                                room,
                                (name, onOver) -> new Membership(
                                        member,
                                        table.acquire(name),
                                        table,
                                        registry,
                                        mailboxes.of(connection.loop()),
                                        formats.of(member.encoder(), connection.framing()),
                                        onOver)));
    }

    /**
     * Ends a membership; after a join that is under way.
     *
     * @return whether the connection was a member
     */
    public Future<Boolean> leave(Connection connection, String room) {
        return onLoop(connection, () -> membershipsOf(connection).leave(room));
    }

    /** Ends all memberships of a connection. */
    public Future<Void> leaveAll(Connection connection) {
        return onLoop(connection, () -> membershipsOf(connection).leaveAll());
    }

    /**
     * A member's {@link Member#encoder} is another one now: from here on its frames are made by that.
     *
     * @return whether the connection is a member
     */
    public Future<Boolean> reencode(Member member, String room) {
        Connection connection = member.connection();
        return onLoop(
                connection,
                () -> Future.succeededFuture(
                        membershipsOf(connection).reformat(room, formats.of(member.encoder(), connection.framing()))));
    }

    /**
     * A member is called otherwise than when it joined: for the others it leaves and comes in again, under the record
     * that the registry has of it now. It misses nothing meanwhile.
     *
     * @return fails if the registry cannot be asked; the connection should be closed then
     */
    public Future<Void> announce(Connection connection, String room) {
        return onLoop(connection, () -> membershipsOf(connection).announce(room));
    }

    /**
     * The members of a room on all nodes in the order they joined, at most 1,000, as far as this node has heard. From
     * the first call on this node follows them, so the next ones ask nobody.
     *
     * @return fails with a {@link dev.muster.registry.RegistryException}, and with UNKNOWN_CONNECTION if no connection
     *     of this node is a member
     */
    public Future<List<ConnectionRecord>> eldest(String room) {
        Room here = table.find(room);
        return here == null
                ? Future.failedFuture(new RegistryException(
                        RegistryException.Reason.UNKNOWN_CONNECTION, "no connection of this node is in the room"))
                : table.eldest(here);
    }

    /** The rooms that a connection of this node is in, enters or leaves now. On the connection's loop. */
    public Set<String> roomsOf(Connection connection) {
        Memberships memberships = connections.get(connection.id());
        return memberships == null ? Set.of() : memberships.rooms();
    }

    /**
     * The socket is closed: no more frames for it. Whoever calls this unregisters the connection afterwards, which
     * ends its memberships for the others. On the connection's loop.
     *
     * @return when it may be unregistered: what it said comes before the news that it left
     */
    public Future<?> gone(Connection connection) {
        Memberships memberships = connections.remove(connection.id());
        return memberships == null ? Future.succeededFuture() : memberships.gone();
    }

    private Memberships membershipsOf(Connection connection) {
        if (!connection.isOpen()) {
            // Not kept: a connection that is gone has been forgotten, and nobody would forget it again.
            Memberships none = new Memberships();
            none.gone();
            return connections.getOrDefault(connection.id(), none);
        }
        return connections.computeIfAbsent(connection.id(), id -> new Memberships());
    }

    private static <T> Future<T> onLoop(Connection connection, Supplier<Future<T>> call) {
        EventLoop loop = connection.loop();
        if (loop.inEventLoop()) {
            return call.get();
        }
        Promise<T> promise = Promise.promise();
        loop.execute(() -> call.get().onComplete(promise));
        return promise.future();
    }

    // ---- messages ----

    /**
     * A member says something in a room it is in. On its loop.
     *
     * @param draft whose sender is the member's connection
     * @return as for {@link #publish}
     */
    public Future<Published> say(Member member, String room, Draft draft) {
        received.increment();
        Room here = table.find(room);
        if (here != null) {
            here.countReceived(clock.millis());
        }
        Future<Published> published =
                publish(here, room, draft, member.encoder().echoes() ? 0 : 1);
        Memberships memberships = connections.get(member.connection().id());
        if (memberships != null) {
            memberships.say(room, published);
        }
        return published;
    }

    /**
     * Says something in a room, cluster-wide, as nobody in particular.
     *
     * @return done when the registry has it; it may have been delivered before. Fails with a
     *     {@link dev.muster.registry.RegistryException}
     * @throws IllegalArgumentException if the payload is larger than the registry takes
     */
    public Future<Published> publish(String room, Draft draft) {
        return publish(table.find(room), room, draft, 0);
    }

    /**
     * @param here the room, if it has members on this node
     * @param deaf members on this node who do not get it
     */
    private Future<Published> publish(@Nullable Room here, String room, Draft draft, int deaf) {
        Future<Published> published =
                registry.publish(room, draft, here == null ? table.policy(room).group() : here.policy());
        if (broadcasts != null && broadcasts.wants()) {
            broadcasts.accepted(room, here == null ? 0 : here.members(), deaf, published);
        }
        return published;
    }

    // ---- what the registry tells; see RegistryListener ----

    /** A publication of a watched room, as the registry brought it. */
    public void onPublication(String room, Publication publication) {
        table.feed().onPublication(room, publication);
    }

    /** Memberships were restored without publications. */
    public void onMembersReset(String room) {
        table.onMembersReset(room);
    }

    /** Something may be missing in any room: looks at once. */
    public void checkAll() {
        table.feed().checkAll();
    }

    /** To be called each second, by one thread at a time. */
    public void tick(long nanoTime) {
        table.feed().tick(nanoTime);
        table.unwatchIdle();
    }

    // ---- figures ----

    /** What this node did for a room. */
    public Activity activity(String room) {
        Room here = table.find(room);
        return here == null ? Activity.NONE : here.activity();
    }

    /** Rooms that have members on this node, or somebody who is entering. */
    public int count() {
        return table.occupied();
    }

    /** What the node's loops have had to deliver. */
    public Load load() {
        return mailboxes.load();
    }

    /** Messages that connections of this node have said so far. */
    public long messagesReceived() {
        return received.sum();
    }
}

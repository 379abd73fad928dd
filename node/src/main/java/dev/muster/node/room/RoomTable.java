package dev.muster.node.room;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.GroupFeed;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Slice;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rooms of this node by name, and the feed that brings their events. A room is watched from its first member on,
 * until it has had none for a while.
 */
final class RoomTable implements GroupFeed.Listener {

    /** How long a room is watched after its last member: who comes back at once finds everything in place. */
    static final long LINGER_NANOS = 5_000_000_000L;

    private record Idle(Room room, long since) {}

    private final ConnectionRegistry registry;
    private final Clock clock;
    private final GroupFeed feed;
    private final List<RoomPolicy> policies;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<String, Room> rooms = new ConcurrentHashMap<>();
    private final Queue<Idle> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger occupied = new AtomicInteger();

    RoomTable(ConnectionRegistry registry, List<RoomPolicy> policies, Clock clock, LongSupplier nanoTime) {
        this.registry = registry;
        this.clock = clock;
        this.feed = new GroupFeed(registry, this);
        this.policies = List.copyOf(policies);
        this.nanoTime = nanoTime;
    }

    GroupFeed feed() {
        return feed;
    }

    @Nullable
    Room find(String name) {
        return rooms.get(name);
    }

    RoomPolicy policy(String name) {
        return RoomPolicy.of(policies, name);
    }

    /** Rooms with members, lingering ones left out. */
    int occupied() {
        return occupied.get();
    }

    /** The room, kept until it is {@linkplain #release released}. */
    Room acquire(String name) {
        return rooms.compute(name, (key, present) -> {
            Room room = present == null ? new Room(key, policy(key).group()) : present;
            if (room.acquire()) {
                occupied.incrementAndGet();
            }
            return room;
        });
    }

    /** Watches the room; no I/O if it is watched. To be called while it is acquired. */
    Future<Position> watch(Room room) {
        return feed.watch(room.name());
    }

    /** Its eldest members, first who has been in it longest, at most {@link Roster#MAX}. While it is watched. */
    Future<List<ConnectionRecord>> eldest(Room room) {
        return room.follow(registry, clock).members();
    }

    void release(Room room) {
        rooms.computeIfPresent(room.name(), (key, present) -> {
            long now = nanoTime.getAsLong();
            if (present.release(now)) {
                occupied.decrementAndGet();
                idle.add(new Idle(present, now));
            }
            return present;
        });
    }

    /** Gives up the rooms that have been without members for long enough. */
    void unwatchIdle() {
        long now = nanoTime.getAsLong();
        for (Idle next = idle.peek(); next != null && now - next.since >= LINGER_NANOS; next = idle.peek()) {
            idle.remove();
            Room room = next.room;
            rooms.computeIfPresent(room.name(), (key, present) -> {
                if (present != room || !room.isIdle(now, LINGER_NANOS)) {
                    return present;
                }
                // Within the change of the entry: a member that comes now watches after this, not before.
                feed.unwatch(key);
                return null;
            });
        }
    }

    // ---- the feed; calls for one group come one after another ----

    @Override
    public void onPublication(String group, Publication publication) {
        Room room = rooms.get(group);
        RoomEvent event = room == null ? null : RoomEvent.of(publication);
        if (room != null && event != null) {
            if (event instanceof RoomEvent.Message) {
                room.touch(publication.timestamp());
            }
            room.bring(event);
        }
    }

    @Override
    public void onReset(String group, Position at, Slice.Completeness why) {
        Room room = rooms.get(group);
        if (room != null) {
            room.bring(new RoomEvent.Reset(at, why));
        }
    }

    @Override
    public void onMembersReset(String group) {
        Room room = rooms.get(group);
        if (room != null) {
            room.bring(new RoomEvent.MembersReset());
        }
    }
}

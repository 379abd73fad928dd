package dev.muster.node.room;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.GroupPolicy;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A room that has, or lately had, members on this node. */
final class Room {

    private final String name;
    private final GroupPolicy policy;
    private final AtomicLong received = new AtomicLong();

    /** By the index of their loop; replaced, never changed. */
    private volatile @Nullable RoomShard[] shards = {};

    /** Kept from when a member first needs it; null before. */
    private volatile @Nullable Roster roster;

    private volatile long lastActivity;

    /** What shards that are gone delivered. Guarded by this. */
    private long deliveredBefore;
    /** Who keeps it: members and joins under way. Guarded by the table's entry. */
    private int users;

    private long idleSince;

    Room(String name, GroupPolicy policy) {
        this.name = name;
        this.policy = policy;
    }

    String name() {
        return name;
    }

    GroupPolicy policy() {
        return policy;
    }

    // ---- members ----

    /** The shard of a loop, made if need be. On that loop. */
    RoomShard shardOn(Mailbox mailbox) {
        int index = mailbox.index();
        RoomShard[] present = shards;
        RoomShard shard = index < present.length ? present[index] : null;
        if (shard != null) {
            return shard;
        }
        synchronized (this) {
            RoomShard added = new RoomShard(mailbox);
            RoomShard[] more = Arrays.copyOf(shards, Math.max(shards.length, index + 1));
            more[index] = added;
            shards = more;
            return added;
        }
    }

    /** Takes a member's seat away, and its shard if that was the last. On the shard's loop. */
    void detach(RoomShard shard, Seat seat) {
        shard.detach(seat);
        if (!shard.isEmpty()) {
            return;
        }
        synchronized (this) {
            int index = shard.mailbox().index();
            if (index < shards.length && shards[index] == shard) {
                RoomShard[] fewer = shards.clone();
                fewer[index] = null;
                shards = fewer;
                deliveredBefore += shard.delivered();
            }
        }
    }

    /** Its eldest members, followed from now on. To be called while it is watched. */
    Roster follow(ConnectionRegistry registry, Clock clock) {
        Roster present = roster;
        if (present != null) {
            return present;
        }
        synchronized (this) {
            Roster raced = roster;
            if (raced == null) {
                boolean followed = policy.presence() == GroupPolicy.Presence.EVENTS;
                raced = new Roster(name, registry, followed, clock, this::dispatch);
                roster = raced;
            }
            return raced;
        }
    }

    /** An event as the feed brought it, to every loop that has members. Calls come one after another. */
    void bring(RoomEvent event) {
        Roster following = roster;
        dispatch(following == null ? event : following.observed(event));
    }

    /** Hands an event to every loop that has members. Calls for events of the feed come one after another. */
    void dispatch(RoomEvent event) {
        RoomShard[] now = shards;
        int count = 0;
        for (RoomShard shard : now) {
            if (shard != null) {
                count++;
            }
        }
        if (count == 0) {
            return;
        }
        Delivery delivery = new Delivery(event, now, count);
        for (RoomShard shard : now) {
            if (shard != null) {
                shard.mailbox().put(delivery, shard);
            }
        }
    }

    // ---- figures ----

    /** Members on this node, those who are still entering included. */
    int members() {
        int members = 0;
        for (RoomShard shard : shards) {
            if (shard != null) {
                members += shard.members();
            }
        }
        return members;
    }

    void countReceived(long now) {
        received.incrementAndGet();
        lastActivity = now;
    }

    /** What this node did for the room. */
    Activity activity() {
        long delivered;
        synchronized (this) {
            delivered = deliveredBefore;
            for (RoomShard shard : shards) {
                if (shard != null) {
                    delivered += shard.delivered();
                }
            }
        }
        return new Activity(delivered, received.get(), lastActivity);
    }

    void touch(long now) {
        lastActivity = now;
    }

    // ---- use; only within a change of the table's entry ----

    /** Returns whether that was the first. */
    boolean acquire() {
        return ++users == 1;
    }

    /** Returns whether that was the last. */
    boolean release(long nanoTime) {
        users--;
        idleSince = nanoTime;
        return users == 0;
    }

    boolean isIdle(long nanoTime, long forNanos) {
        return users == 0 && nanoTime - idleSince >= forNanos;
    }
}

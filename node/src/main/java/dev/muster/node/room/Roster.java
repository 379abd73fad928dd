package dev.muster.node.room;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Page;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who has been in a room longest, on whatever node: the first of its members in the order they joined. Read once from
 * the registry and followed by what the feed brings, so that every node finds the same one at the same event. Any
 * thread.
 *
 * <p>What comes while the registry is read is kept and applied to the answer again. That is safe, because a change that
 * the answer has seen already changes nothing: who left is not in it, and who joined is put behind those who did before.
 */
final class Roster {

    /** Members kept: one page of the registry. When half of them are gone the next are read. */
    static final int MAX = 1000;

    /** Changes kept while the registry is read; if there are more it is read again. */
    private static final int MAX_SINCE = 10_000;

    private final String room;
    private final ConnectionRegistry registry;
    private final boolean followed;
    private final Clock clock;
    private final Consumer<RoomEvent> tell;

    private final List<RoomEvent> since = new ArrayList<>();
    private Map<String, ConnectionRecord> eldest = new LinkedHashMap<>();
    /** Whether these are all members. */
    private boolean complete;
    /** Whether what is here may be believed. */
    private boolean current;
    /** Whether what is being read now is out of date already. */
    private boolean again;

    private @Nullable Promise<Void> reading;
    /** Whom members here take for the eldest; empty for nobody, null as long as they were told nothing. */
    private @Nullable String told;

    /**
     * @param followed whether joins and leaves are events of the room; if not, the registry is read for each answer
     * @param tell takes an event for the room's members on this node
     */
    Roster(String room, ConnectionRegistry registry, boolean followed, Clock clock, Consumer<RoomEvent> tell) {
        this.room = room;
        this.registry = registry;
        this.followed = followed;
        this.clock = clock;
        this.tell = tell;
    }

    /** The eldest members, first who has been here longest. */
    Future<List<ConnectionRecord>> members() {
        Future<Void> ready;
        synchronized (this) {
            ready = current ? Future.succeededFuture() : read();
        }
        return ready.map(done -> {
            synchronized (this) {
                return List.copyOf(eldest.values());
            }
        });
    }

    /** The same event, saying who is the eldest after it. */
    synchronized RoomEvent observed(RoomEvent event) {
        if (event instanceof RoomEvent.Reset || event instanceof RoomEvent.MembersReset) {
            current = false;
            again = reading != null;
            read();
            return event;
        }
        boolean isMembership = event instanceof RoomEvent.Joined || event instanceof RoomEvent.Left;
        if (!isMembership) {
            return event;
        }
        apply(event);
        if (reading != null) {
            since.add(event);
            if (since.size() > MAX_SINCE) {
                since.clear();
                again = true;
            }
        } else if (!current || !complete && eldest.size() < MAX / 2) {
            read();
        }
        return withEldest(event);
    }

    private RoomEvent withEldest(RoomEvent event) {
        ConnectionRecord first = first();
        if (first == null && !current) {
            return event;
        }
        told = first == null ? "" : first.connectionId();
        if (event instanceof RoomEvent.Joined joined) {
            return new RoomEvent.Joined(joined.member(), joined.position(), joined.timestamp(), first);
        }
        RoomEvent.Left left = (RoomEvent.Left) event;
        return new RoomEvent.Left(left.member(), left.position(), left.timestamp(), first);
    }

    private @Nullable ConnectionRecord first() {
        return eldest.isEmpty() ? null : eldest.values().iterator().next();
    }

    private void apply(RoomEvent event) {
        if (event instanceof RoomEvent.Left left) {
            eldest.remove(left.member().connectionId());
        } else if (event instanceof RoomEvent.Joined joined && complete) {
            String id = joined.member().connectionId();
            eldest.remove(id);
            complete = eldest.size() < MAX;
            if (complete) {
                eldest.put(id, joined.member());
            }
        }
    }

    // ---- reading ----

    /** Reads the registry, unless that is under way. Guarded by this. */
    private Future<Void> read() {
        Promise<Void> underWay = reading;
        if (underWay != null) {
            return underWay.future();
        }
        Promise<Void> promise = Promise.promise();
        reading = promise;
        since.clear();
        ask(promise);
        return promise.future();
    }

    private void ask(Promise<Void> promise) {
        registry.members(room, null, MAX).onComplete((page, failure) -> {
            if (failure != null) {
                failed(promise, failure);
            } else {
                answered(promise, page);
            }
        });
    }

    private void failed(Promise<Void> promise, Throwable failure) {
        synchronized (this) {
            reading = null;
            again = false;
        }
        // The next change of membership, or whoever asks next, tries again.
        promise.fail(failure);
    }

    private void answered(Promise<Void> promise, Page<ConnectionRecord> page) {
        ConnectionRecord correction;
        synchronized (this) {
            if (again) {
                again = false;
                since.clear();
                ask(promise);
                return;
            }
            correction = replace(page);
            reading = null;
        }
        if (correction != null) {
            tell.accept(new RoomEvent.EldestCorrected(correction, clock.millis()));
        }
        promise.complete();
    }

    /** Returns who the eldest is, if members here were told otherwise. */
    private @Nullable ConnectionRecord replace(Page<ConnectionRecord> page) {
        eldest = new LinkedHashMap<>();
        page.items().forEach(member -> eldest.put(member.connectionId(), member));
        complete = page.next() == null;
        since.forEach(this::apply);
        since.clear();
        current = followed;
        ConnectionRecord first = first();
        if (told == null || first == null || told.equals(first.connectionId())) {
            return null;
        }
        told = first.connectionId();
        return first;
    }
}

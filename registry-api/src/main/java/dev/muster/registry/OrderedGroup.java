package dev.muster.registry;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feed of one watched group. Three states: opening (the watch is under way; everything is held), following (the
 * next publication is passed on at once), and repairing (a read is under way; everything is held, so that what the
 * read brings cannot interleave with what the transport brings).
 *
 * <p>All state is guarded by this object's monitor. No future of the registry is waited for under it.
 */
final class OrderedGroup {

    private static final Logger LOG = LoggerFactory.getLogger(OrderedGroup.class);

    /** Publications held ahead of a gap: the tail that the log keeps for repairs is as long, so more would not help. */
    static final int MAX_HELD = GroupPolicy.REPAIR_MESSAGES;

    /** Bytes of payload held ahead of a gap. */
    static final long MAX_HELD_BYTES = 1 << 20;

    /** Publications in one read. */
    private static final int READ_LIMIT = 500;

    /**
     * Reads in a row that may end at the log's head without reaching what is held. A publication can overtake the
     * read that asks for it, but not for ever: after these, what is held is taken for forged and dropped.
     */
    private static final int MAX_FRUITLESS = 3;

    /** How long a publication that the log has may be on its way, at least, before it counts as lost. */
    private static final long ON_ITS_WAY_NANOS = 500_000_000L;

    private final String name;
    private final ConnectionRegistry registry;
    private final GroupFeed.Listener listener;
    private final Future<Void> before;
    private final TreeMap<Long, Publication> held = new TreeMap<>();

    private long heldBytes;
    private boolean overflowed;
    private @Nullable Promise<Position> opening;
    private @Nullable Promise<Void> closing;
    /** Where the feed is; null while it opens. */
    private @Nullable Position last;

    private boolean repairing;
    private boolean suspected;
    private int fruitless;
    /** A head seen ahead of the feed: if the feed is not there by the next look, something was lost. */
    private @Nullable Position awaited;

    /** Where the feed was when it saw {@link #awaited}. */
    private @Nullable Position awaitedFrom;

    private long awaitedSince;

    /**
     * @param before the end of an earlier watch of the same group: watch and unwatch must not overtake one another
     */
    OrderedGroup(String name, ConnectionRegistry registry, GroupFeed.Listener listener, Future<Void> before) {
        this.name = name;
        this.registry = registry;
        this.listener = listener;
        this.before = before;
    }

    String name() {
        return name;
    }

    synchronized boolean isClosed() {
        return closing != null;
    }

    /** Completes when the watch has ended, whether it could be ended in order or not. */
    synchronized Future<Void> closed() {
        return closing == null ? Future.succeededFuture() : closing.future();
    }

    Future<Position> open() {
        Promise<Position> promise;
        synchronized (this) {
            if (last != null) {
                return Future.succeededFuture(last);
            }
            if (opening != null) {
                return opening.future();
            }
            promise = Promise.promise();
            opening = promise;
        }
        before.transform(ended -> registry.watch(name)).onComplete(watched -> {
            synchronized (this) {
                if (watched.succeeded() && closing == null) {
                    last = watched.result();
                    drain();
                }
            }
            promise.handle(watched);
        });
        return promise.future();
    }

    Future<Void> close() {
        Promise<Void> promise;
        Future<?> opened;
        synchronized (this) {
            if (closing != null) {
                return closing.future();
            }
            promise = Promise.promise();
            closing = promise;
            opened = opening == null ? Future.succeededFuture() : opening.future();
            held.clear();
        }
        opened.transform(any -> registry.unwatch(name)).onComplete(unwatched -> {
            if (unwatched.failed()) {
                // The registry drops the watch with the link or the lease; publications that still come are ignored.
                LOG.debug("Could not unwatch group {}", Limits.shown(name), unwatched.cause());
            }
            promise.complete();
        });
        return promise.future();
    }

    synchronized void accept(Publication publication) {
        if (closing != null) {
            return;
        }
        Position position = publication.position();
        if (position == null) {
            if (last != null) {
                pass(publication);
            }
        } else if (last == null || repairing) {
            hold(publication, position);
        } else if (position.epoch().equals(last.epoch())) {
            if (position.offset() == last.offset() + 1) {
                last = position;
                pass(publication);
            } else if (position.offset() > last.offset()) {
                hold(publication, position);
                repair();
            }
        } else {
            // Only the log knows whether the new epoch continues where this feed is (R16).
            hold(publication, position);
            repair();
        }
    }

    /** Looks at the log's head; {@code suspicious} if there is reason to think that something was lost. */
    synchronized void compare(Position head, boolean suspicious, long nanoTime) {
        if (closing != null || last == null || repairing || isAt(head)) {
            awaited = null;
            return;
        }
        boolean stuck = isStuck();
        if (suspicious || stuck && nanoTime - awaitedSince >= ON_ITS_WAY_NANOS) {
            awaited = null;
            repair();
            return;
        }
        // It may just be on its way.
        suspected = true;
        if (!stuck) {
            awaited = head;
            awaitedFrom = last;
            awaitedSince = nanoTime;
        }
    }

    /** The next {@link #retry} reads the log. */
    synchronized void suspect() {
        suspected = true;
    }

    /** Repairs if a repair failed, or if an awaited publication has not come in time. */
    synchronized void retry(long nanoTime) {
        if (!suspected || closing != null || last == null || repairing) {
            return;
        }
        boolean stuck = isStuck();
        if (stuck && nanoTime - awaitedSince < ON_ITS_WAY_NANOS) {
            return;
        }
        suspected = false;
        if (awaited == null || stuck) {
            repair();
        }
        awaited = null;
    }

    /**
     * Whether the awaited publication did not come, nor any other. A feed that moves is only late, however busy its
     * thread is: if it lost something, the next publication will show it.
     */
    private boolean isStuck() {
        return awaited != null && isBehind(awaited) && Objects.equals(last, awaitedFrom);
    }

    private boolean isAt(Position head) {
        return last != null && last.epoch().equals(head.epoch()) && last.offset() >= head.offset();
    }

    private boolean isBehind(Position head) {
        return !isAt(head);
    }

    private void hold(Publication publication, Position position) {
        long bytes = publication.payload().length();
        if (held.size() >= MAX_HELD || heldBytes + bytes > MAX_HELD_BYTES) {
            overflowed = true;
        } else if (held.put(position.offset(), publication) == null) {
            heldBytes += bytes;
        }
    }

    private void repair() {
        Position after = last;
        if (after == null || repairing) {
            return;
        }
        repairing = true;
        overflowed = false;
        registry.read(name, after, READ_LIMIT).onComplete(this::repaired);
    }

    private synchronized void repaired(AsyncResult<Slice> read) {
        repairing = false;
        if (closing != null) {
            return;
        }
        if (read.failed()) {
            suspected = true;
            LOG.debug("Could not read group {} to close a gap, trying again", Limits.shown(name), read.cause());
            return;
        }
        Slice slice = read.result();
        boolean progress = !slice.through().equals(last);
        last = slice.through();
        if (slice.messages() != Slice.Completeness.COMPLETE) {
            last = slice.head();
            guarded(() -> listener.onReset(name, slice.head(), slice.messages()));
        } else {
            slice.publications().forEach(this::pass);
            if (slice.memberships() != Slice.Completeness.COMPLETE) {
                guarded(() -> listener.onMembersReset(name));
            }
            if (slice.hasMore()) {
                repair();
                return;
            }
        }
        fruitless = progress ? 0 : fruitless + 1;
        drain();
    }

    /** Passes on what is held and next; asks the log again for what is missing before the rest. */
    private void drain() {
        Position at = last;
        if (at == null) {
            return;
        }
        Iterator<Publication> ahead = held.values().iterator();
        boolean gap = false;
        while (ahead.hasNext() && !gap) {
            Publication publication = ahead.next();
            Position position = publication.position();
            if (position == null
                    || position.offset() <= at.offset() && position.epoch().equals(at.epoch())) {
                ahead.remove();
            } else if (position.epoch().equals(at.epoch()) && position.offset() == at.offset() + 1) {
                ahead.remove();
                at = position;
                last = at;
                pass(publication);
            } else {
                gap = true;
            }
        }
        if (gap && fruitless >= MAX_FRUITLESS) {
            LOG.warn("Dropped {} publications of group {} that its log does not know", held.size(), Limits.shown(name));
            held.clear();
            gap = false;
        }
        heldBytes = 0;
        for (Publication waiting : held.values()) {
            heldBytes += waiting.payload().length();
        }
        if (!gap) {
            fruitless = 0;
        }
        if (gap || overflowed) {
            repair();
        }
    }

    private void pass(Publication publication) {
        guarded(() -> listener.onPublication(name, publication));
    }

    /** A listener that throws must not stop the feed (R23). */
    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException failure) {
            LOG.error("A listener failed on group {}, delivery goes on", Limits.shown(name), failure);
        }
    }
}

package dev.muster.registry;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes an ordered feed of what a registry's transport brings: each publication of a watched group exactly once, in
 * order, or a word that it cannot be.
 *
 * <p>A transport may repeat, reorder and lose. What follows the last publication is passed on at once; what is ahead
 * is held, up to a bound, while the gap is read from the log. If the log cannot close it, the feed says
 * {@linkplain Listener#onReset reset} and goes on from the log's head; it never passes a gap over. Loss of a group's
 * newest publication shows only by comparing positions, which {@link #tick} does for each group about every five
 * seconds, and {@link #checkAll} at once after the link was replaced.
 *
 * <p>Thread-safe. The listener is called under the group's lock, one call at a time for one group: it must not block,
 * and not wait for another thread that calls this feed.
 */
public final class GroupFeed {

    /** What comes out of a feed. */
    public interface Listener {

        /** The next publication of the group, or a fast one, which stands outside the order. */
        void onPublication(String group, Publication publication);

        /**
         * Publications were lost to this feed and the log does not have them any more; it goes on after {@code at}.
         */
        void onReset(String group, Position at, Slice.Completeness why);

        /** Only changes of membership were lost: no message is missing, but the members have to be read again. */
        void onMembersReset(String group);
    }

    /** Each group's position is compared about this often (P9: a lost publication is noticed within 5 s). */
    static final long CHECK_EVERY_NANOS = 5_000_000_000L;

    /** With more watched groups than this times five, checks are spread further: the load on the backend is bounded. */
    static final int CHECKS_PER_SECOND = 4_000;

    /** Groups asked for in one call of {@link ConnectionRegistry#heads}. */
    private static final int HEADS_PER_CALL = 500;

    private final ConnectionRegistry registry;
    private final Listener listener;
    private final ConcurrentHashMap<String, OrderedGroup> groups = new ConcurrentHashMap<>();

    private Iterator<OrderedGroup> round = List.<OrderedGroup>of().iterator();
    private volatile long lastTick;
    private boolean ticked;

    public GroupFeed(ConnectionRegistry registry, Listener listener) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /**
     * Watches a group. Publications after the returned position are passed to the listener, the first of them perhaps
     * before the future completes. A group that is watched already answers at once with where its feed is.
     */
    public Future<Position> watch(String group) {
        OrderedGroup watched = groups.compute(group, (name, present) -> {
            if (present != null && !present.isClosed()) {
                return present;
            }
            Future<Void> before = present == null ? Future.succeededFuture() : present.closed();
            return new OrderedGroup(name, registry, listener, before);
        });
        return watched.open().onFailure(cause -> groups.remove(group, watched));
    }

    /** Stops watching a group: once this returns, the listener hears no more of it. */
    public Future<Void> unwatch(String group) {
        OrderedGroup watched = groups.get(group);
        if (watched == null) {
            return Future.succeededFuture();
        }
        return watched.close().onComplete(done -> groups.remove(group, watched));
    }

    /** How many groups are watched. */
    public int watched() {
        return groups.size();
    }

    /** Takes what the transport brought; the registry's listener passes it here. */
    public void onPublication(String group, Publication publication) {
        OrderedGroup watched = groups.get(group);
        if (watched != null) {
            watched.accept(publication);
        }
    }

    /** Compares the position of every watched group with the log's now: after a replaced link or a recovery. */
    public void checkAll() {
        List<OrderedGroup> all = new ArrayList<>(groups.values());
        for (int from = 0; from < all.size(); from += HEADS_PER_CALL) {
            compare(all.subList(from, Math.min(all.size(), from + HEADS_PER_CALL)), true);
        }
    }

    /**
     * Does what is due: retries failed repairs and compares the next share of the groups' positions. To be called
     * about once a second, from one thread at a time.
     *
     * @param nanoTime a monotonic clock, in ns
     */
    public synchronized void tick(long nanoTime) {
        long passed = ticked ? nanoTime - lastTick : 0;
        lastTick = nanoTime;
        ticked = true;
        for (OrderedGroup watched : groups.values()) {
            watched.retry(nanoTime);
        }
        long wanted = groups.size() * passed / CHECK_EVERY_NANOS + 1;
        long affordable = CHECKS_PER_SECOND * passed / 1_000_000_000L + 1;
        List<OrderedGroup> share = new ArrayList<>();
        for (long left = Math.min(wanted, affordable); left > 0; left--) {
            if (!round.hasNext()) {
                if (!share.isEmpty()) {
                    // The next round starts with the next tick, so that no group is asked for twice in one.
                    break;
                }
                round = groups.values().iterator();
                if (!round.hasNext()) {
                    return;
                }
            }
            share.add(round.next());
            if (share.size() == HEADS_PER_CALL) {
                compare(share, false);
                share = new ArrayList<>();
            }
        }
        compare(share, false);
    }

    private void compare(List<OrderedGroup> some, boolean suspicious) {
        if (some.isEmpty()) {
            return;
        }
        long seenAt = lastTick;
        Map<String, OrderedGroup> asked = new ConcurrentHashMap<>();
        some.forEach(watched -> asked.put(watched.name(), watched));
        registry.heads(asked.keySet()).onComplete(answer -> {
            if (answer.succeeded()) {
                answer.result().forEach((group, head) -> {
                    OrderedGroup watched = asked.get(group);
                    if (watched != null) {
                        watched.compare(head, suspicious, seenAt);
                    }
                });
            } else if (suspicious) {
                some.forEach(OrderedGroup::suspect);
            }
        });
    }
}

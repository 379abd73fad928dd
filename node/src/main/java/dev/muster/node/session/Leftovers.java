package dev.muster.node.session;

import dev.muster.node.session.SessionStore.Stored;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Position;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets sessions whose node died and whose client did not come back. Every node does so, and each for its own that it
 * does not hold: their clients went away while they were being taken over. Each removal names the revision it saw, so a
 * client that comes back at that moment is not hurt. Clocks of nodes play no part: a session goes when this node saw it
 * unchanged without a living holder for longer than the client had time.
 */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private static final long PERIOD_NANOS = Duration.ofSeconds(30).toNanos();

    private record Seen(Position revision, long since) {}

    private final ConnectionRegistry registry;
    private final SessionStore store;
    private final long patienceNanos;
    private final Predicate<String> isHeldHere;
    private final AtomicBoolean busy = new AtomicBoolean();
    /** Touched by one pass at a time. */
    private Map<String, Seen> orphans = new HashMap<>();

    private volatile long nextAt;
    private volatile boolean started;

    Leftovers(ConnectionRegistry registry, SessionStore store, Duration ttl, Predicate<String> isHeldHere) {
        this.registry = registry;
        this.store = store;
        this.patienceNanos = ttl.plusSeconds(5).toNanos();
        this.isHeldHere = isHeldHere;
    }

    /** Begins a pass if one is due. */
    void tick(long nanoTime) {
        if (!started) {
            // Nodes that were started together do not look together.
            started = true;
            nextAt = nanoTime + ThreadLocalRandom.current().nextLong(PERIOD_NANOS);
        }
        if (nanoTime - nextAt < 0 || !busy.compareAndSet(false, true)) {
            return;
        }
        nextAt = nanoTime + PERIOD_NANOS;
        pass(nanoTime).onComplete(done -> busy.set(false));
    }

    /** Goes through all sessions of the cluster once; fails if the registry cannot be used. */
    Future<Void> pass(long nanoTime) {
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < SessionStore.GROUPS; i++) {
            groups.add(SessionStore.group(i));
        }
        Map<String, Seen> found = new HashMap<>();
        return registry.heads(groups)
                .compose(heads -> next(new ArrayList<>(heads.keySet()), found, nanoTime))
                .onSuccess(done -> orphans = found);
    }

    private Future<Void> next(List<String> groups, Map<String, Seen> found, long nanoTime) {
        if (groups.isEmpty()) {
            return Future.succeededFuture();
        }
        String group = groups.remove(groups.size() - 1);
        return store.all(group).compose(sessions -> {
            sessions.forEach(session -> look(session, found, nanoTime));
            return next(groups, found, nanoTime);
        });
    }

    private void look(Stored session, Map<String, Seen> found, long nanoTime) {
        if (isHeldHere.test(session.id()) || store.isOwnedElsewhere(session.state())) {
            return;
        }
        Seen before = orphans.get(session.id());
        if (before == null || !before.revision.equals(session.revision())) {
            found.put(session.id(), new Seen(session.revision(), nanoTime));
        } else if (nanoTime - before.since < patienceNanos) {
            found.put(session.id(), before);
        } else {
            store.remove(session.id(), session.revision())
                    .onFailure(cause -> LOG.debug("A session that was left behind could not be forgotten", cause));
        }
    }
}

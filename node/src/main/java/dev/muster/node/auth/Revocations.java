package dev.muster.node.auth;

import dev.muster.node.connection.Identity;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.Limits;
import dev.muster.registry.Position;
import dev.muster.registry.SnapshotPage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was taken back, on all nodes. It travels twice: to every node at once, which may fail, and into the registry,
 * where each node looks every second whether there is something new. So a node that was cut off, or started later,
 * knows it too. Any thread.
 */
public final class Revocations {

    private static final Logger LOG = LoggerFactory.getLogger(Revocations.class);

    /** No room can be called so: rooms have no control characters. */
    static final String GROUP = "\u0001revoked";

    private static final GroupPolicy POLICY = new GroupPolicy(0, Duration.ZERO, 0, Presence.OFF);

    private final ConnectionRegistry registry;
    private final Function<Buffer, Future<Void>> toAllNodes;
    private final Duration longest;
    private final Clock clock;
    private final Runnable onNews;

    private final Map<String, Revocation> known = new ConcurrentHashMap<>();
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile @Nullable Position read;

    /**
     * @param registry keeps them
     * @param toAllNodes has {@link #onNews} called on every node, this one included, at most once
     * @param longest how long a token may live, and with it what is said of it here
     * @param clock wall time
     * @param onNews told when there is something new, to look at the connections there are
     */
    public Revocations(
            ConnectionRegistry registry,
            Function<Buffer, Future<Void>> toAllNodes,
            Duration longest,
            Clock clock,
            Runnable onNews) {
        this.registry = registry;
        this.toAllNodes = toAllNodes;
        this.longest = longest;
        this.clock = clock;
        this.onNews = onNews;
    }

    /** Whether somebody comes by something that was taken back. */
    public boolean covers(Identity identity) {
        if (known.isEmpty()) {
            return false;
        }
        Revocation ofUser = known.get(Revocation.Kind.USER + ":" + identity.userId());
        if (ofUser != null && ofUser.covers(identity)) {
            return true;
        }
        return identity.grant() != null
                && identity.grant().tokenId() != null
                && known.containsKey(
                        Revocation.Kind.TOKEN + ":" + identity.grant().tokenId());
    }

    /** How many this node knows. */
    public int count() {
        return known.size();
    }

    // ---- taking back ----

    /** Takes one token back, by its {@code jti}. */
    public Future<Void> revokeToken(String tokenId) {
        return revoke(new Revocation(Revocation.Kind.TOKEN, tokenId, 0, until()));
    }

    /**
     * Takes all tokens of a user back that were made up to now, or up to another second.
     *
     * @param issuedUpTo seconds since 1970; null for now
     */
    public Future<Void> revokeUser(String user, @Nullable Long issuedUpTo) {
        long upTo = issuedUpTo == null ? clock.instant().getEpochSecond() : issuedUpTo;
        return revoke(new Revocation(Revocation.Kind.USER, user, upTo, until()));
    }

    private long until() {
        return clock.instant().getEpochSecond() + longest.toSeconds() + ClaimRules.LEEWAY.toSeconds();
    }

    /** It counts on this node at once, whatever becomes of the rest; done when the registry has it. */
    private Future<Void> revoke(Revocation revocation) {
        LOG.info("Revoked: {} {}", revocation.kind(), Limits.shown(revocation.id()));
        learn(List.of(revocation));
        Future<Void> told = toAllNodes.apply(revocation.toBytes());
        Future<Void> kept = store(known.getOrDefault(revocation.key(), revocation));
        // Who was not told finds it in the registry within a second; only that it is there has to be sure.
        return told.transform(done -> kept);
    }

    private Future<Void> store(Revocation revocation) {
        return registry.publish(GROUP, Draft.put(revocation.key(), revocation.toBytes()), POLICY)
                .mapEmpty();
    }

    private void learn(List<Revocation> revocations) {
        boolean news = false;
        for (Revocation revocation : revocations) {
            Revocation before = known.put(
                    revocation.key(),
                    known.containsKey(revocation.key())
                            ? revocation.and(known.getOrDefault(revocation.key(), revocation))
                            : revocation);
            news |= !revocation.equals(before);
        }
        if (news) {
            onNews.run();
        }
    }

    // ---- hearing of it ----

    /** Another node, or this one, told all. */
    public void onNews(Buffer bytes) {
        try {
            learn(List.of(Revocation.parse(bytes)));
        } catch (IllegalArgumentException malformed) {
            LOG.warn("Another node revoked something in a way this one does not understand");
        }
    }

    /**
     * Looks whether the registry has something new. To be called each second, and before the first connection.
     *
     * @return when it has looked; also if it could not
     */
    public Future<Void> tick() {
        if (!reading.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        forgetOld();
        return registry.heads(Set.of(GROUP))
                .compose(heads -> {
                    Position head = heads.get(GROUP);
                    boolean lost = head == null && !known.isEmpty();
                    return lost || head != null && !head.equals(read) ? readAll() : Future.<Void>succeededFuture();
                })
                .onFailure(failure -> LOG.debug("Revocations cannot be read now", failure))
                .transform(done -> {
                    reading.set(false);
                    return Future.succeededFuture();
                });
    }

    private Future<Void> readAll() {
        return page(null, new HashMap<>()).compose(found -> {
            List<Revocation> revocations = new ArrayList<>();
            for (Map.Entry<String, Buffer> entry : found.entrySet()) {
                try {
                    revocations.add(Revocation.parse(entry.getValue()));
                } catch (IllegalArgumentException malformed) {
                    LOG.warn("The registry has a revocation that this node does not understand");
                }
            }
            learn(revocations);
            return restore(found.keySet());
        });
    }

    private Future<Map<String, Buffer>> page(@Nullable String cursor, Map<String, Buffer> found) {
        return registry.snapshot(GROUP, cursor).compose(page -> {
            for (SnapshotPage.Entry entry : page.entries()) {
                found.put(entry.key(), entry.value());
            }
            String next = page.next();
            if (next != null) {
                return page(next, found);
            }
            read = page.base();
            return Future.succeededFuture(found);
        });
    }

    /** The registry may have lost what the nodes still know. */
    private Future<Void> restore(Set<String> present) {
        Set<String> missing = new HashSet<>(known.keySet());
        missing.removeAll(present);
        List<Future<Void>> stored = new ArrayList<>();
        for (String key : missing) {
            Revocation revocation = known.get(key);
            if (revocation != null) {
                stored.add(store(revocation));
            }
        }
        return Future.join(stored).mapEmpty();
    }

    /** All tokens it is about have expired. */
    private void forgetOld() {
        long now = clock.instant().getEpochSecond();
        for (Revocation revocation : List.copyOf(known.values())) {
            if (revocation.until() < now && known.remove(revocation.key(), revocation)) {
                registry.publish(GROUP, Draft.remove(revocation.key()), POLICY)
                        .onFailure(failure -> LOG.debug("An old revocation stays in the registry", failure));
            }
        }
    }
}

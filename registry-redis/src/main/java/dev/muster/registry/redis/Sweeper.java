package dev.muster.registry.redis;

import dev.muster.registry.NodeId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what dead nodes left behind: their memberships, each with a LEFT, then their records (R20). Every node does;
 * deletes go by owner, so however many sweep at once, and whatever the dead one still sends, each thing ends once.
 */
final class Sweeper {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    /** Connections looked at in one step. */
    private static final int CONNECTIONS_AT_ONCE = 100;

    /** Memberships ended in one call of a script: 500 take the server about 5 ms. */
    private static final int MEMBERSHIPS_AT_ONCE = 250;

    private final Access access;
    private final long leaseMillis;
    private final long everyMillis;
    private boolean sweeping;

    private record Membership(String connectionId, String group) {}

    Sweeper(Access access) {
        this.access = access;
        this.leaseMillis = access.context().timings().lease().toMillis();
        this.everyMillis = access.context().timings().sweep().toMillis();
    }

    /** Looks for dead nodes in all buckets and sweeps those it finds, one after another. */
    Future<Void> sweep() {
        if (sweeping) {
            return Future.succeededFuture();
        }
        sweeping = true;
        Future<Void> all = Future.succeededFuture();
        for (int bucket = 0; bucket < access.buckets(); bucket++) {
            int next = bucket;
            all = all.compose(done -> sweep(next));
        }
        return all.onComplete(done -> sweeping = false);
    }

    private Future<Void> sweep(int bucket) {
        Evaluation call = access.script(Script.SWEEP, bucket)
                .arg(access.owner())
                .arg(leaseMillis)
                .arg(everyMillis);
        return access.evaluate(call, true).compose(answer -> {
            if (answer.size() == 0) {
                return Future.succeededFuture();
            }
            NodeId dead = NodeId.parse(Objects.requireNonNull(answer.get(1)).toString());
            LOG.info("Node {} is gone, removing what it held", dead);
            return remove(bucket, dead, access.owner()).compose(done -> sweep(bucket));
        });
    }

    /** Sweeps this node itself, after it has retired (R25). */
    Future<Void> removeOwn() {
        List<Future<Void>> all = new ArrayList<>();
        for (int bucket = 0; bucket < access.buckets(); bucket++) {
            all.add(remove(bucket, access.self(), ""));
        }
        return Future.all(all).mapEmpty();
    }

    private Future<Void> remove(int bucket, NodeId dead, String asking) {
        return remove(bucket, dead, asking, HoldingsPage.FIRST);
    }

    /** Goes on from the cursor, to the end. */
    private Future<Void> remove(int bucket, NodeId dead, String asking, String cursor) {
        return HoldingsPage.read(access, bucket, dead, cursor, CONNECTIONS_AT_ONCE)
                .compose(page -> end(bucket, dead, asking, page.held())
                        .compose(done ->
                                page.isLast() ? bury(bucket, dead) : remove(bucket, dead, asking, page.next())));
    }

    private Future<Void> end(int bucket, NodeId dead, String asking, Map<String, List<String>> held) {
        return held.isEmpty()
                ? Future.succeededFuture()
                : endMemberships(bucket, dead, asking, held)
                        .compose(left -> unregister(bucket, dead, asking, held.keySet()));
    }

    private Future<Void> bury(int bucket, NodeId dead) {
        return access.evaluate(
                        access.script(Script.BURY, bucket)
                                .key(access.keys().buried(bucket))
                                .key(access.keys().holdings(bucket, dead))
                                .arg(RedisKeys.owner(dead)),
                        true)
                .mapEmpty();
    }

    private Future<Void> endMemberships(int bucket, NodeId dead, String asking, Map<String, List<String>> held) {
        List<Membership> all = new ArrayList<>();
        held.forEach((id, groups) -> groups.forEach(group -> all.add(new Membership(id, group))));
        Future<Void> done = Future.succeededFuture();
        for (int from = 0; from < all.size(); from += MEMBERSHIPS_AT_ONCE) {
            List<Membership> some = all.subList(from, Math.min(all.size(), from + MEMBERSHIPS_AT_ONCE));
            done = done.compose(before -> {
                Evaluation call = Memberships.leaving(access, bucket, dead, asking);
                some.forEach(each -> call.key(access.keys().meta(each.group())).arg(each.connectionId()));
                return access.evaluate(call, true).mapEmpty();
            });
        }
        return done;
    }

    private Future<Void> unregister(int bucket, NodeId dead, String asking, Iterable<String> connectionIds) {
        RedisKeys keys = access.keys();
        Evaluation call = access.script(Script.UNREGISTER, bucket)
                .key(keys.holdings(bucket, dead))
                .key(keys.connections(bucket))
                .key(keys.users(bucket))
                .arg(asking)
                .arg(RedisKeys.owner(dead));
        connectionIds.forEach(call::arg);
        return access.evaluate(call, true).mapEmpty();
    }
}

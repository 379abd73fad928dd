package dev.muster.registry.redis;

import dev.muster.registry.ConnectionRecord;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes the server hold what this node holds, no more and no less: after the server lost data (R22), after this node
 * lost its lease (R21), and after commands of unknown outcome.
 */
final class Restoration {

    private static final int SCAN = 500;

    /** Connections restored at a time. */
    private static final int PORTION = 250;

    private final Access access;
    private final LocalState local;
    private final Directory directory;
    private final Memberships memberships;
    private final Watches watches;
    /** Groups with restored memberships that nobody was told of: kept from an attempt that failed to the next. */
    private final Set<String> untold = new LinkedHashSet<>();

    /** Departures from this node up to the latest comparison. */
    private long compared = -1;

    Restoration(Access access, LocalState local, Directory directory, Memberships memberships, Watches watches) {
        this.access = access;
        this.local = local;
        this.directory = directory;
        this.memberships = memberships;
        this.watches = watches;
    }

    /**
     * Compares and repairs, once. Local connections may go meanwhile; none comes, as nothing is served.
     *
     * @param announce whether memberships that the server does not know are told of: true if other nodes have been told
     *     that they ended
     */
    Future<Void> run(boolean announce) {
        compared = local.departures();
        return holdings().compose(there -> addMissing(there, announce).compose(added -> removeSurplus(there)));
    }

    /** Whether nothing has gone since the latest comparison began: then both agree. */
    boolean isCurrent() {
        return compared == local.departures();
    }

    /** This node is in again, and both agree: what was owed before has been compared as well. */
    void settled() {
        local.takeOwed();
    }

    /** Ends at the server what has ended here, and could not be told there while this node stayed in. */
    void settle() {
        local.takeOwed()
                .forEach((id, groups) ->
                        local.inOrder(id, () -> end(id, groups)).onFailure(cause -> local.owe(id, groups)));
    }

    private Future<Void> end(String id, Set<String> groups) {
        LocalState.Held held = Objects.requireNonNull(local.find(id));
        boolean gone = held.record == null;
        List<Future<?>> ending = new ArrayList<>();
        for (String group : groups) {
            // It may have come back meanwhile.
            if (gone || !held.groups.containsKey(group)) {
                ending.add(memberships.remove(id, group));
            }
        }
        if (gone) {
            ending.add(directory.remove(id));
        }
        return Future.all(ending).mapEmpty();
    }

    /** Everything the server has of this node. */
    private Future<Map<String, Set<String>>> holdings() {
        Map<String, Set<String>> all = new LinkedHashMap<>();
        Future<Void> done = Future.succeededFuture();
        for (int bucket = 0; bucket < access.buckets(); bucket++) {
            int next = bucket;
            done = done.compose(before -> scan(next, HoldingsPage.FIRST, all));
        }
        return done.map(all);
    }

    private Future<Void> scan(int bucket, String cursor, Map<String, Set<String>> into) {
        return HoldingsPage.read(access, bucket, access.self(), cursor, SCAN).compose(page -> {
            page.held()
                    .forEach((id, groups) ->
                            into.computeIfAbsent(id, unknown -> new HashSet<>()).addAll(groups));
            return page.isLast() ? Future.succeededFuture() : scan(bucket, page.next(), into);
        });
    }

    /** A portion at a time: what is sent at once has to be answered within one operation time-out. */
    private Future<Void> addMissing(Map<String, Set<String>> there, boolean announce) {
        Future<Void> done = Future.succeededFuture();
        List<String> ids = new ArrayList<>(local.connections().keySet());
        for (int from = 0; from < ids.size(); from += PORTION) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + PORTION));
            done = done.compose(before -> addMissing(some, there, announce));
        }
        return done.compose(before -> tell());
    }

    private Future<Void> addMissing(List<String> ids, Map<String, Set<String>> there, boolean announce) {
        List<Future<?>> calls = new ArrayList<>();
        for (String id : ids) {
            LocalState.Held held = local.find(id);
            ConnectionRecord record = held == null ? null : held.record;
            if (held == null || record == null) {
                continue;
            }
            Set<String> groups = there.getOrDefault(id, Set.of());
            if (there.containsKey(id)) {
                calls.add(joinMissing(held, record, groups, announce));
            } else if (!announce) {
                calls.add(directory.put(record));
                calls.add(joinMissing(held, record, groups, false));
            } else {
                calls.add(directory.putBack(record).compose(ours -> {
                    if (ours) {
                        return joinMissing(held, record, groups, true);
                    }
                    // Taken for dead, this node was; the client went on with another, and its newer record stands
                    // (R06).
                    local.drop(held);
                    return Future.succeededFuture();
                }));
            }
        }
        return Future.all(calls).mapEmpty();
    }

    private Future<Void> joinMissing(
            LocalState.Held held, ConnectionRecord record, Set<String> present, boolean announce) {
        List<Future<?>> calls = new ArrayList<>();
        held.groups.forEach((group, policy) -> {
            if (!present.contains(group)) {
                calls.add(memberships.put(group, policy, record, announce).onComplete((joined, failure) -> {
                    // What failed may have been done all the same.
                    if (!announce && (failure != null || joined.added())) {
                        untold.add(group);
                    }
                }));
            }
        });
        return Future.all(calls).mapEmpty();
    }

    /** Whoever keeps lists of members reads them again: nothing was published of what was restored. */
    private Future<Void> tell() {
        List<String> restored = List.copyOf(untold);
        List<Future<?>> telling = new ArrayList<>();
        for (String group : restored) {
            telling.add(access.run(
                    Request.cmd(Command.PUBLISH)
                            .arg(access.keys().channel(group))
                            .arg(Frames.membersReset(access.owner())),
                    true));
        }
        restored.forEach(group -> watches.guarded(told -> told.onMembersReset(group)));
        return Future.all(telling).map(told -> {
            untold.removeAll(restored);
            return null;
        });
    }

    private Future<Void> removeSurplus(Map<String, Set<String>> there) {
        List<Future<?>> leaving = new ArrayList<>();
        List<String> unregistering = new ArrayList<>();
        there.forEach((id, groups) -> {
            LocalState.Held held = local.find(id);
            boolean gone = held == null || held.record == null;
            for (String group : groups) {
                if (held == null || held.record == null || !held.groups.containsKey(group)) {
                    leaving.add(memberships.remove(id, group));
                }
            }
            if (gone) {
                unregistering.add(id);
            }
        });
        return Future.all(leaving)
                .compose(done ->
                        Future.all(unregistering.stream().map(directory::remove).toList()))
                .mapEmpty();
    }
}

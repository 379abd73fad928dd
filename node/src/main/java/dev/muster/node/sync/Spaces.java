package dev.muster.node.sync;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.GroupFeed;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Slice;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The spaces of a node, and its replicas of them. Any thread. */
public final class Spaces implements GroupFeed.Listener {

    /** A replica and how many use it. */
    private static final class Held {
        final Replica replica;
        final Promise<Replica> opened;
        int users;
        long idleSince;

        Held(Replica replica, Promise<Replica> opened) {
            this.replica = replica;
            this.opened = opened;
        }
    }

    private final ConnectionRegistry registry;
    private final Sync sync;
    private final VertxInternal vertx;
    private final SyncSettings settings;
    private final LongSupplier nanoTime;
    private final GroupFeed feed;
    private final EntityIds ids;
    /** By the name of their group. */
    private final ConcurrentHashMap<String, Held> held = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<String, Space> spaces = new ConcurrentHashMap<>();

    /**
     * @param nanoTime monotonic, in ns
     * @param random 64 random bits, other ones at each start
     */
    public Spaces(
            ConnectionRegistry registry,
            Sync sync,
            Vertx vertx,
            SyncSettings settings,
            LongSupplier nanoTime,
            long random) {
        this.registry = registry;
        this.sync = sync;
        this.vertx = (VertxInternal) vertx;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.feed = new GroupFeed(registry, this);
        this.ids = new EntityIds(random);
    }

    /** What was declared. */
    public Sync sync() {
        return sync;
    }

    /** What spaces may take. */
    public SyncSettings settings() {
        return settings;
    }

    /**
     * A space.
     *
     * @throws SyncException NOT_FOUND if there is none of this name
     */
    public Space space(String name) {
        if (!sync.hasSpace(name)) {
            throw new SyncException(Status.NOT_FOUND, "there is no such space");
        }
        return spaces.computeIfAbsent(name, added -> new Space(added, registry, this, ids));
    }

    /**
     * Uses this node's replica of a space, which is made if there is none. Completes on the replica's loop.
     *
     * @return fails with a {@link SyncException}: NOT_FOUND, or INTERNAL_ERROR if the registry cannot be used now
     */
    public Future<ReplicaUse> open(String space) {
        if (!sync.hasSpace(space)) {
            return Future.failedFuture(new SyncException(Status.NOT_FOUND, "there is no such space"));
        }
        // Told here, within the change of the entry: of two who open it at once exactly one has made it.
        boolean[] made = new boolean[1];
        Held mine = held.compute(SpaceKeys.group(space), (group, present) -> {
            made[0] = present == null;
            Held use = present == null ? make(space) : present;
            use.users++;
            return use;
        });
        if (made[0]) {
            mine.replica.execute(() -> start(mine));
        }
        ReplicaUse use = new ReplicaUse(mine.replica, () -> release(mine));
        return mine.opened.future().map(use).recover(failure -> {
            use.end();
            return Future.failedFuture(SyncException.of(failure));
        });
    }

    private Held make(String space) {
        ContextInternal context = vertx.createEventLoopContext();
        return new Held(new Replica(space, registry, sync, context), context.promise());
    }

    private void start(Held mine) {
        String group = mine.replica.group();
        feed.watch(group)
                .compose(watched -> mine.replica.call(mine.replica::open))
                .onSuccess(loaded -> mine.opened.tryComplete(mine.replica))
                .onFailure(cause -> {
                    held.computeIfPresent(group, (key, present) -> present == mine ? closed(mine) : present);
                    mine.opened.tryFail(cause);
                });
    }

    private void release(Held mine) {
        held.computeIfPresent(mine.replica.group(), (group, present) -> {
            if (present == mine && --mine.users == 0) {
                mine.idleSince = nanoTime.getAsLong();
            }
            return present;
        });
    }

    /** To be called within the change of the entry: who opens the space now watches after this, not before. */
    private @Nullable Held closed(Held mine) {
        feed.unwatch(mine.replica.group());
        mine.replica.close();
        return null;
    }

    /** How many replicas this node keeps. */
    public int replicas() {
        return held.size();
    }

    /** Entities in all its replicas, as of a moment ago. Any thread. */
    public long entities() {
        return held.values().stream().mapToLong(each -> each.replica.size()).sum();
    }

    /** Bytes of bincode in all its replicas, as of a moment ago. Any thread. */
    public long bytes() {
        return held.values().stream().mapToLong(each -> each.replica.bytes()).sum();
    }

    // ---- what the registry tells; see RegistryListener ----

    /** A publication of a watched group, as the registry brought it; of no interest if it is no space's. */
    public void onRegistry(String group, Publication publication) {
        feed.onPublication(group, publication);
    }

    /** Something may be missing in any space: looks at once. */
    public void checkAll() {
        feed.checkAll();
        held.values().forEach(each -> each.replica.checkEpoch());
    }

    /** To be called each second, by one thread at a time. */
    public void tick() {
        long now = nanoTime.getAsLong();
        feed.tick(now);
        held.values().forEach(each -> each.replica.tick(feed::checkAll));
        held.keySet()
                .forEach(group -> held.computeIfPresent(group, (key, each) -> {
                    boolean idle = each.users == 0
                            && now - each.idleSince >= settings.linger().toNanos();
                    return idle ? closed(each) : each;
                }));
    }

    // ---- the feed; calls for one group come one after another ----

    @Override
    public void onPublication(String group, Publication publication) {
        Held mine = held.get(group);
        if (mine != null) {
            mine.replica.onPublication(publication);
        }
    }

    @Override
    public void onReset(String group, Position at, Slice.Completeness why) {
        Held mine = held.get(group);
        if (mine != null) {
            mine.replica.reload();
        }
    }

    @Override
    public void onMembersReset(String group) {
        // A space has no members.
    }
}

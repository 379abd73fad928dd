package dev.muster.node.sync;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Limits;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryException;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's copy of a space, shared by all who use it there. It lives on one event loop: reading, listening and the
 * listeners' calls happen there ({@link #execute}), so what one reads and what one then hears fit together.
 *
 * <p>It is the space as it was a moment ago, and follows by itself: a gap, a reset or a new epoch makes it load again,
 * and what differs is told as ordinary changes.
 */
public final class Replica {

    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    /** Ticks after which nobody waits any more: at a tick a second, the usual time for an operation of the registry. */
    private static final int MAX_TICKS = 2;

    /** Somebody who waits for a position. */
    private static final class Waiter {
        final Position position;
        final Promise<Void> promise = Promise.promise();
        /** Who comes first goes on first. */
        final long number;

        int ticks;

        Waiter(Position position, long number) {
            this.position = position;
            this.number = number;
        }

        long offset() {
            return position.offset();
        }
    }

    private final String space;
    /** What the registry calls it. */
    private final String group;

    private final ConnectionRegistry registry;
    private final ContextInternal context;
    private final Listeners listeners = new Listeners();
    private final ReplicaTable table;
    private final ReplicaLoad load;
    private final Inlet inlet;
    private final Orphans orphans;
    private final PriorityQueue<Waiter> waiters =
            new PriorityQueue<>(Comparator.comparingLong(Waiter::offset).thenComparingLong(waiter -> waiter.number));
    private long numbers;
    private @Nullable Position at;

    Replica(String space, ConnectionRegistry registry, Sync sync, ContextInternal context) {
        this.space = space;
        this.group = SpaceKeys.group(space);
        this.registry = registry;
        this.context = context;
        this.table = new ReplicaTable(sync.types(), listeners);
        this.load = new ReplicaLoad(group, registry, context, table, this::apply, this::loaded);
        this.orphans = new Orphans(group, registry, table);
        this.inlet = new Inlet(context.nettyEventLoop(), load::take, load::begin);
    }

    // ---- where it lives ----

    /** The name of the space. */
    public String space() {
        return space;
    }

    String group() {
        return group;
    }

    /** The loop that it lives on. */
    public EventLoop loop() {
        return context.nettyEventLoop();
    }

    /** Runs something on its loop; at once if this is it. */
    public void execute(Runnable action) {
        context.execute(action);
    }

    /** Runs something on its loop and brings what comes of it, on its loop too if it is made there; what it throws fails. */
    public <T> Future<T> call(Supplier<Future<T>> action) {
        Promise<T> promise = Promise.promise();
        execute(() -> {
            try {
                action.get().onComplete(promise);
            } catch (RuntimeException failure) {
                promise.fail(failure);
            }
        });
        return promise.future();
    }

    // ---- reading; on its loop ----

    /** The entity, if it exists. */
    public @Nullable EntityState find(Entity entity) {
        return table.find(entity.bits());
    }

    /** Each entity, in no particular order. */
    public void forEach(Consumer<EntityState> action) {
        table.forEach(action);
    }

    /** Each component of a name, in no particular order; costs what there are of them, not what the space holds. */
    public void forEach(String component, Consumer<ComponentState> action) {
        table.forEach(component, action);
    }

    /** Each entity whose {@link dev.muster.node.sync.component.Parent} this one is; costs what there are of them. */
    public void forEachChild(Entity parent, Consumer<EntityState> action) {
        table.forEachChild(parent.bits(), action);
    }

    /** How many components of a name there are, or a few more. */
    public int count(String component) {
        return table.count(component);
    }

    /** How many entities there are. */
    public int size() {
        return table.size();
    }

    /** How many bytes of bincode their components have together. */
    public long bytes() {
        return table.bytes();
    }

    // ---- listening ----

    /** Hears of all changes from now on. On its loop, so that nothing happens between reading and listening. */
    public Watch listen(ReplicaListener listener) {
        return listeners.add(listener);
    }

    /**
     * Waits until everything that the registry has now is here. From any thread; completes on its loop.
     *
     * @return fails with a {@link dev.muster.registry.RegistryException}
     */
    public Future<Void> fence() {
        return call(() -> registry.heads(List.of(group))
                .compose(heads -> call(() -> {
                    Position head = heads.get(group);
                    return head == null ? lostOrEmpty() : reached(head);
                })));
    }

    /** The registry knows no such group: it never held anything, or has lost it. */
    private Future<Void> lostOrEmpty() {
        if (table.size() > 0) {
            load.begin();
        }
        return load.current();
    }

    /** Waits until this replica is where {@code position} is. On its loop. */
    Future<Void> reached(Position position) {
        Position now = at;
        if (now != null && now.epoch().equals(position.epoch())) {
            if (now.offset() >= position.offset()) {
                return Future.succeededFuture();
            }
            Waiter waiter = new Waiter(position, numbers++);
            waiters.add(waiter);
            return waiter.promise.future();
        }
        // Its own epoch may have ended without a publication to tell it.
        load.begin();
        return load.current();
    }

    // ---- following ----

    /** The first load. */
    Future<Void> open() {
        return load.first();
    }

    void close() {
        execute(() -> {
            load.close();
            waiters.forEach(waiter -> waiter.promise.tryFail(
                    new RegistryException(RegistryException.Reason.CLOSED, "the replica was closed")));
            waiters.clear();
        });
    }

    /** What the feed brings; from one thread at a time. */
    void onPublication(Publication publication) {
        inlet.put(publication);
    }

    /** Something may be missing: loads again. From any thread. */
    void reload() {
        execute(load::begin);
    }

    /** Compares its epoch with the registry's, of which a feed without publications hears nothing. */
    void checkEpoch() {
        registry.heads(List.of(group))
                .onSuccess(heads -> execute(() -> {
                    Position head = heads.get(group);
                    Position now = at;
                    if (head == null
                            ? table.size() > 0
                            : now == null || !head.epoch().equals(now.epoch())) {
                        load.begin();
                    }
                }));
    }

    /**
     * To be called each second.
     *
     * @param nudge makes the feed look for what it may have missed
     */
    void tick(Runnable nudge) {
        execute(() -> {
            if (!waiters.isEmpty()) {
                nudge.run();
            }
            waiters.removeIf(waiter -> {
                boolean late = ++waiter.ticks > MAX_TICKS;
                if (late) {
                    waiter.promise.tryFail(
                            new RegistryException(RegistryException.Reason.TIMEOUT, "the feed is behind"));
                }
                return late;
            });
            if (!load.isUnderWay()) {
                orphans.tick();
            }
        });
    }

    private void loaded(Position base) {
        at = base;
        release();
    }

    /** @return false if it cannot be applied without loading again */
    private boolean apply(Publication publication) {
        Position position = publication.position();
        Position now = at;
        if (position == null || now == null) {
            return true;
        }
        if (!position.epoch().equals(now.epoch())) {
            return false;
        }
        if (position.offset() > now.offset()) {
            change(publication, position);
            at = position;
            release();
        }
        return true;
    }

    private void change(Publication publication, Position position) {
        String key = publication.key();
        if (key == null) {
            return;
        }
        try {
            ComponentState known = table.component(key);
            if (known != null && known.isAtLeast(position)) {
                // A later page of the snapshot had it already.
                return;
            }
            if (publication.kind() == Publication.Kind.PUT) {
                table.put(key, publication.payload(), position.epoch(), position.offset());
            } else {
                table.remove(key);
            }
        } catch (NumberFormatException foreign) {
            LOG.debug("Passed over an entry of space {} that is none of ours: {}", space, Limits.shown(key));
        }
    }

    private void release() {
        Position now = at;
        for (Waiter next = waiters.peek(); next != null && now != null; next = waiters.peek()) {
            boolean here = next.position.epoch().equals(now.epoch());
            if (here && next.position.offset() > now.offset()) {
                return;
            }
            // Of another epoch: this replica was loaded since somebody began to wait.
            waiters.poll().promise.tryComplete();
        }
    }
}

package dev.muster.node.sync;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryException;
import dev.muster.registry.SnapshotPage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a replica from the registry's snapshot, and holds back meanwhile what the feed brings. On the replica's loop.
 *
 * <p>Whatever had come before a load began is in the snapshot, for the registry had it before it delivered it; so it is
 * forgotten. What comes while the pages do is applied after them, as far as it is past their base. If that cannot be told,
 * for the epoch is another, it is loaded once more.
 */
final class ReplicaLoad {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaLoad.class);

    /** Publications held back; more, and the snapshot is taken once more, which is cheaper. */
    private static final int MAX_HELD = 65_536;

    private static final long RETRY_MS = 1_000;

    private final String group;
    private final ConnectionRegistry registry;
    private final ContextInternal context;
    private final ReplicaTable table;
    private final Predicate<Publication> apply;
    private final Consumer<Position> loaded;

    private final List<Publication> held = new ArrayList<>();
    private boolean overflowed;
    private boolean closed;
    /** Counts the loads; what belongs to an earlier one is of no interest any more. */
    private int number;
    /** Null while nothing is loaded. */
    private @Nullable Promise<Void> loading;

    /**
     * @param apply takes a publication; false if that needs another load
     * @param loaded hears of the position that all entries have now
     */
    ReplicaLoad(
            String group,
            ConnectionRegistry registry,
            ContextInternal context,
            ReplicaTable table,
            Predicate<Publication> apply,
            Consumer<Position> loaded) {
        this.group = group;
        this.registry = registry;
        this.context = context;
        this.table = table;
        this.apply = apply;
        this.loaded = loaded;
    }

    /** Loads for the first time; unlike later loads it may fail. */
    Future<Void> first() {
        Promise<Void> promise = Promise.promise();
        loading = promise;
        restart(true);
        return promise.future();
    }

    /** Loads again, from the beginning if a load is under way. */
    void begin() {
        if (closed) {
            return;
        }
        if (loading == null) {
            loading = Promise.promise();
        }
        restart(false);
    }

    /** When the load that is under way has ended. */
    Future<Void> current() {
        return loading == null ? Future.succeededFuture() : loading.future();
    }

    boolean isUnderWay() {
        return loading != null;
    }

    void close() {
        closed = true;
        number++;
        held.clear();
        Promise<Void> under = loading;
        if (under != null) {
            under.tryFail(new RegistryException(RegistryException.Reason.CLOSED, "the replica was closed"));
        }
    }

    /** What the feed brings. */
    void take(Publication publication) {
        if (loading == null) {
            if (!apply.test(publication)) {
                begin();
            }
        } else if (held.size() < MAX_HELD) {
            held.add(publication);
        } else {
            overflowed = true;
        }
    }

    private void restart(boolean mayFail) {
        number++;
        held.clear();
        overflowed = false;
        table.beginLoad();
        page(number, null, mayFail);
    }

    private void page(int load, @Nullable String cursor, boolean mayFail) {
        registry.snapshot(group, cursor)
                .onComplete(page -> context.execute(() -> {
                    if (load != number) {
                        return;
                    }
                    if (page.failed()) {
                        failed(load, page.cause(), mayFail);
                    } else {
                        arrived(load, page.result(), mayFail);
                    }
                }));
    }

    private void arrived(int load, SnapshotPage page, boolean mayFail) {
        for (SnapshotPage.Entry entry : page.entries()) {
            try {
                table.put(
                        entry.key(),
                        entry.value(),
                        entry.revision().epoch(),
                        entry.revision().offset());
            } catch (NumberFormatException foreign) {
                LOG.debug("Passed over an entry of {} that is none of ours", group, foreign);
            }
        }
        if (page.next() != null) {
            page(load, page.next(), mayFail);
            return;
        }
        table.endLoad();
        loaded.accept(page.base());
        caughtUp();
    }

    private void caughtUp() {
        boolean again = overflowed;
        for (int i = 0; i < held.size() && !again; i++) {
            again = !apply.test(held.get(i));
        }
        held.clear();
        if (again) {
            restart(false);
            return;
        }
        Promise<Void> done = loading;
        loading = null;
        if (done != null) {
            done.complete();
        }
    }

    private void failed(int load, Throwable cause, boolean mayFail) {
        RegistryException.Reason reason = cause instanceof RegistryException why ? why.reason() : null;
        boolean replaced = reason == RegistryException.Reason.REJECTED;
        if (mayFail && !replaced || reason == RegistryException.Reason.CLOSED) {
            Promise<Void> first = loading;
            close();
            if (first != null) {
                first.tryFail(cause);
            }
            return;
        }
        LOG.debug("Could not load {}, trying again", group, cause);
        if (!replaced) {
            // Who waits for it has waited as long as an operation takes.
            Promise<Void> waited = loading;
            loading = Promise.promise();
            if (waited != null) {
                waited.tryFail(cause);
            }
        }
        // A log that was replaced meanwhile is there at once; a registry that is gone takes its time.
        context.owner()
                .setTimer(
                        replaced ? 1 : RETRY_MS,
                        timer -> context.execute(() -> {
                            if (load == number) {
                                restart(mayFail);
                            }
                        }));
    }
}

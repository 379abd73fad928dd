package dev.muster.node.sync.external;

import dev.muster.node.connection.Connection;
import dev.muster.node.sync.SyncException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What one connection does in a space whose entities it calls by ids of its own. Any thread, but the order of the calls is
 * that of what is done to one id, so they should come from one. Futures fail with a {@link SyncException}: FORBIDDEN, NOT_FOUND
 * for an entity or component that there is not, CONFLICT for an id that is taken, VALIDATION_ERROR, INTERNAL_ERROR. A change
 * that fails was not made, also not in part, unless the registry went away in the middle of it.
 */
public final class ExternalClient {

    private final Connection connection;
    private final ExternalSpace space;
    private final Runnable onEnd;
    /** What is under way, and one until the end. */
    private final AtomicInteger uses = new AtomicInteger(1);

    ExternalClient(Connection connection, ExternalSpace space, Runnable onEnd) {
        this.connection = connection;
        this.space = space;
        this.onEnd = onEnd;
    }

    /** Makes an entity. */
    public Future<Void> spawn(Spawn wanted) {
        return using(() -> space.spawn(connection, wanted));
    }

    /**
     * Sets components of an entity, whatever they were before.
     *
     * @param components in JSON, by name
     */
    public Future<Void> update(String id, Map<String, String> components) {
        return using(() -> space.update(connection, id, components));
    }

    /** Ends an entity. */
    public Future<Void> despawn(String id) {
        return using(() -> space.despawn(connection, id));
    }

    /**
     * What there is, as far as the connection may see it, and as of a moment after this call.
     *
     * @param most entities; those with an external id come first
     * @param mostBytes of all their texts together, about
     */
    public Future<List<Seen>> entities(int most, long mostBytes) {
        return using(() -> space.entities(connection.identity(), most, mostBytes));
    }

    private <T> Future<T> using(Supplier<Future<T>> action) {
        uses.incrementAndGet();
        return space.call(action)
                .recover(failure -> Future.failedFuture(SyncException.of(failure)))
                .onComplete(ended -> unused());
    }

    /** Nothing more is wanted; what is under way goes on. Once. */
    public void end() {
        unused();
    }

    private void unused() {
        if (uses.decrementAndGet() == 0) {
            onEnd.run();
        }
    }
}

package dev.muster.node.session;

import dev.muster.registry.Position;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The writing of one session's state: one write after another, each on top of the one before. Whoever finds that another
 * node has taken the session over fails with {@link Lost}. Any thread.
 */
final class SessionRecord {

    /** Somebody else holds the session. */
    static final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Lost() {
            super("the session was taken over", null, false, false);
        }
    }

    private final SessionStore store;
    private final String id;
    private final long claim;
    private volatile @Nullable Position revision;
    private Future<Void> last = Future.succeededFuture();
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param claim under which this node holds it
     * @param revision what it was found or written as; null if it is not there yet
     */
    SessionRecord(SessionStore store, String id, long claim, @Nullable Position revision) {
        this.store = store;
        this.id = id;
        this.claim = claim;
        this.revision = revision;
    }

    /** Whether a write is under way. */
    boolean isBusy() {
        return waiting.get() > 0;
    }

    /** Writes after the writes before, whatever became of them. */
    Future<Void> write(SessionState state) {
        return after(() -> put(state, true));
    }

    /** Forgets the session. */
    Future<Void> remove() {
        return after(() -> {
            Position present = revision;
            return present == null ? Future.succeededFuture() : store.remove(id, present);
        });
    }

    private synchronized Future<Void> after(Supplier<Future<Void>> step) {
        waiting.incrementAndGet();
        last = last.transform(before -> step.get()).onComplete(done -> waiting.decrementAndGet());
        return last;
    }

    private Future<Void> put(SessionState state, boolean again) {
        return store.put(id, state, revision)
                .onSuccess(at -> revision = at)
                .<Void>mapEmpty()
                .recover(failure -> again && isConflict(failure) ? overtake(state) : Future.failedFuture(failure));
    }

    /** A write whose outcome was unknown may have been done, or the backend may have lost it: looks, and tries again. */
    private Future<Void> overtake(SessionState state) {
        return store.load(id).compose(found -> {
            if (found != null && found.state().claim() != claim) {
                return Future.failedFuture(new Lost());
            }
            revision = found == null ? null : found.revision();
            return put(state, false);
        });
    }

    static boolean isConflict(Throwable failure) {
        return failure instanceof RegistryException refused && refused.reason() == RegistryException.Reason.CONFLICT;
    }
}

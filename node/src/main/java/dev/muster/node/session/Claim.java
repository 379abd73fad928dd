package dev.muster.node.session;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.session.SessionStore.Stored;
import dev.muster.registry.ConnectionRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a client to get its session back. Whoever holds the session is asked to let it go, for only the holder
 * knows what was acknowledged a moment ago; a holder that does not answer is not waited for long. Then one write decides:
 * of several who try, it succeeds for one.
 */
final class Claim {

    /** Waits between looks whether the holder has let go, in ms: half a second in all. */
    private static final int[] WAITS = {3, 5, 10, 20, 40, 80, 150, 200};

    /**
     * What came of it.
     *
     * @param token the client's; one that fits nothing if there is no session
     * @param session as it was taken; null if there is none for this client
     */
    record Taken(SessionToken token, @Nullable Stored session) {}

    /** The way to whoever holds a session. */
    @FunctionalInterface
    interface Holders {
        /** Asks for a session that was found under a claim. Does not wait for another node. */
        Future<Void> ask(String sessionId, long claim);
    }

    private final SessionStore store;
    private final ConnectionRegistry registry;
    private final Holders holders;
    private final Connection connection;
    private final String room;
    private final SessionWire wire;

    Claim(
            SessionStore store,
            ConnectionRegistry registry,
            Holders holders,
            Connection connection,
            String room,
            SessionWire wire) {
        this.store = store;
        this.registry = registry;
        this.holders = holders;
        this.connection = connection;
        this.room = room;
        this.wire = wire;
    }

    /** Whether a claim failed because another was faster. */
    static boolean isReplaced(Throwable failure) {
        return failure instanceof CloseException closed && closed.reason().code() == CloseReason.REPLACED.code();
    }

    /** Takes the session over; fails if the registry cannot be used, or with 4504 if another claim was faster. */
    Future<Taken> take(@Nullable SessionToken token) {
        if (token == null) {
            return Future.succeededFuture(new Taken(new SessionToken("", ""), null));
        }
        return store.load(token.sessionId()).compose(found -> {
            if (found == null || !isMine(found.state(), token)) {
                return Future.succeededFuture(new Taken(token, null));
            }
            long claim = found.state().claim();
            return holders.ask(token.sessionId(), claim).otherwiseEmpty().compose(asked -> look(token, claim, 0));
        });
    }

    private boolean isMine(SessionState state, SessionToken token) {
        return token.fits(state.secretHash())
                && Objects.equals(state.user(), connection.identity().userId())
                && state.room().equals(room)
                && state.wire().equals(wire.name());
    }

    private Future<Taken> look(SessionToken token, long claim, int looks) {
        return store.load(token.sessionId()).compose(found -> {
            if (found == null) {
                return Future.succeededFuture(new Taken(token, null));
            }
            if (found.state().claim() != claim) {
                return Future.failedFuture(new CloseException(CloseReason.REPLACED));
            }
            if (found.state().isHeld() && looks < WAITS.length && store.isOwnedElsewhere(found.state())) {
                return after(WAITS[looks]).compose(waited -> look(token, claim, looks + 1));
            }
            return write(token, found, looks);
        });
    }

    private Future<Taken> write(SessionToken token, Stored found, int looks) {
        SessionState mine =
                found.state().held(registry.self().toString(), found.state().claim() + 1);
        return store.put(found.id(), mine, found.revision())
                .map(revision -> new Taken(token, new Stored(found.id(), mine, revision)))
                .recover(failure -> SessionRecord.isConflict(failure)
                        // The holder's last word, or another claim, which the next look tells.
                        ? look(token, found.state().claim(), looks + 1)
                        : Future.failedFuture(failure));
    }

    // Nobody waits for it: if the loop stops before, so does the node.
    @SuppressWarnings("FutureReturnValueIgnored")
    private Future<Void> after(int millis) {
        Promise<Void> later = Promise.promise();
        connection.loop().schedule(() -> later.complete(), millis, TimeUnit.MILLISECONDS);
        return later.future();
    }
}

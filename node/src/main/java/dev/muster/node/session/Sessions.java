package dev.muster.node.session;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.directory.Directory;
import dev.muster.node.room.Rooms;
import dev.muster.registry.ConnectionRegistry;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of this node: those with a socket, and those whose socket broke a little while ago. A session that is held
 * keeps its connection's id in the registry, and its membership, so nobody sees its client leave while it may come back.
 * All methods may be called from any thread unless they say otherwise.
 */
public final class Sessions {

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private static final int NORMAL = 1000;
    private static final int NO_CODE = 1005;
    /** Codes from here on tell a client not to come back. */
    private static final int FINAL = 4500;

    /** After so long whoever asked for a session has it, or never will. */
    private static final long HAND_OVER_MS = 3_000;

    /** What a node writes down at its end may take so long. */
    private static final long SUSPEND_MS = 1_000;

    private final ConnectionRegistry registry;
    private final Rooms rooms;
    private final Directory directory;
    private final History history;
    private final SessionSettings settings;
    private final LongSupplier nanoTime;
    private final SessionFigures figures = new SessionFigures();
    private final SessionStore store;
    private final Openings openings;
    private final SessionClocks clocks;
    private final Leftovers leftovers;
    private final ConcurrentHashMap<String, Session> held = new ConcurrentHashMap<>();

    /**
     * @param history what rooms keep for clients who ask
     * @param nanoTime monotonic, in ns
     */
    public Sessions(
            ConnectionRegistry registry,
            Rooms rooms,
            Directory directory,
            History history,
            SessionSettings settings,
            LongSupplier nanoTime) {
        this.registry = registry;
        this.rooms = rooms;
        this.directory = directory;
        this.history = history;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.store = new SessionStore(registry);
        this.openings = new Openings(registry, store, history, settings);
        this.clocks = new SessionClocks(nanoTime);
        this.leftovers = new Leftovers(registry, store, settings.ttl(), held::containsKey);
        directory.onNote(
                (connection, note) -> Notes.claimToLeave(note).ifPresent(claim -> askedFor(connection, claim)));
    }

    // ---- beginning ----

    /**
     * Lets a client into a room with a session: a new one, or the one that it shows a token of. On the connection's loop.
     *
     * @param greeting sends the wire's first frames; what the client is shown follows
     * @return when it has been greeted. Fails as {@link Rooms#join} does
     */
    public Future<Session> open(
            Connection connection, String room, SessionWire wire, Ask ask, Consumer<Hello> greeting) {
        String resume = ask.resume();
        if (resume == null) {
            Session.Opening fresh = openings.fresh(connection, room, wire, ask);
            return enter(new Session(connection, room, wire, this, SessionState.FIRST_CLAIM, fresh, greeting));
        }
        Claim claim = new Claim(store, registry, this::askHolder, connection, room, wire);
        Promise<Session> promise = Promise.promise();
        claim.take(SessionToken.parse(resume))
                .onComplete(done -> onLoop(connection, () -> {
                    if (done.failed()) {
                        figures.resumed(
                                Claim.isReplaced(done.cause()) ? SessionFigures.REPLACED : SessionFigures.UNAVAILABLE);
                        promise.fail(done.cause());
                    } else {
                        resume(connection, room, wire, done.result(), greeting).onComplete(promise);
                    }
                }));
        return promise.future();
    }

    private Future<Session> resume(
            Connection connection, String room, SessionWire wire, Claim.Taken taken, Consumer<Hello> greeting) {
        if (!connection.isOpen()) {
            return Future.failedFuture("the client went away again");
        }
        Session.Opening opening;
        long claim;
        if (taken.session() == null) {
            opening = openings.instead(connection, room, wire, Miss.EXPIRED);
            claim = SessionState.FIRST_CLAIM;
        } else {
            directory.takeOver(connection, taken.token().sessionId());
            opening = openings.resumed(taken, wire);
            claim = taken.session().state().claim();
        }
        return enter(new Session(connection, room, wire, this, claim, opening, hello -> {
            Miss reason = hello.reason();
            figures.resumed(reason == null ? SessionFigures.RECOVERED : reason.code());
            greeting.accept(hello);
        }));
    }

    private Future<Session> enter(Session session) {
        Connection connection = session.connection();
        held.put(connection.id(), session);
        clocks.add(session);
        return rooms.join(session, session.room())
                .compose(at -> session.opened())
                .map(session)
                .onFailure(failure -> onLoop(connection, session::end));
    }

    // ---- another socket for a session of this node ----

    /** Has whoever holds a session write down where it stands, and let it go; does not wait for another node. */
    private Future<Void> askHolder(String sessionId, long claim) {
        Session here = held.get(sessionId);
        if (here != null) {
            return release(here, claim);
        }
        return directory.note(sessionId, Notes.leave(claim)).<Void>mapEmpty().otherwiseEmpty();
    }

    private void askedFor(Connection connection, long claim) {
        Session session = held.get(connection.id());
        if (session != null && session.connection() == connection) {
            release(session, claim)
                    .onFailure(cause -> LOG.debug("A session could not be written before it went elsewhere", cause));
        }
    }

    /** Lets a session go, unless it is held under a later claim than the one it was asked for. */
    private Future<Void> release(Session session, long claim) {
        if (session.claim() > claim) {
            return Future.succeededFuture();
        }
        Connection connection = session.connection();
        String id = connection.id();
        return onLoop(connection, () -> {
            if (!held.remove(id, session)) {
                return Future.succeededFuture();
            }
            session.end();
            clocks.remove(session);
            rooms.gone(connection);
            directory.handOver(connection);
            connection.close(CloseReason.REPLACED);
            later(connection, HAND_OVER_MS, () -> directory.settle(id));
            return session.writeLast();
        });
    }

    // ---- ending ----

    /**
     * A connection is closed. Its session ends with it if the client said goodbye, or is told not to come back; else it
     * waits for the client. On the connection's loop.
     *
     * @return whether a session keeps the connection's id and memberships; then it takes care of them
     */
    public boolean keeps(Connection connection) {
        String id = connection.id();
        Session session = held.get(id);
        if (session == null || session.connection() != connection) {
            return false;
        }
        session.end();
        clocks.remove(session);
        int code = connection.closeCode();
        if (code == NORMAL || code == NO_CODE || code >= FINAL || !session.isResumable()) {
            held.remove(id, session);
            session.remove().onFailure(cause -> LOG.debug("A session that ended could not be forgotten", cause));
            return false;
        }
        session.writeLast().onFailure(cause -> LOG.debug("A session's last state could not be written", cause));
        later(connection, settings.ttl().toMillis(), () -> expire(session));
        return true;
    }

    private void expire(Session session) {
        Connection connection = session.connection();
        if (held.remove(connection.id(), session)) {
            session.remove().onFailure(cause -> LOG.debug("An expired session could not be forgotten", cause));
            directory.remove(connection, Future.succeededFuture());
        }
    }

    /** Another node holds it. On its loop. */
    void forget(Session session) {
        Connection connection = session.connection();
        if (held.remove(connection.id(), session)) {
            clocks.remove(session);
            rooms.gone(connection);
            directory.handOver(connection);
            directory.settle(connection.id());
        }
    }

    /** Writes down where every session stands, before this node closes: completes in any case, and soon. */
    public Future<Void> suspend() {
        List<Future<Void>> written = new ArrayList<>();
        for (Session session : held.values()) {
            written.add(onLoop(session.connection(), session::writeLast));
        }
        return Future.join(written)
                .timeout(SUSPEND_MS, TimeUnit.MILLISECONDS)
                .transform(done -> Future.succeededFuture());
    }

    /** Looks for sessions that nodes left behind when they died. To be called each second or so. */
    public void tick() {
        leftovers.tick(nanoTime.getAsLong());
    }

    // ---- what others need ----

    /** Reads messages from before a join, for a member without a session. */
    public History history() {
        return history;
    }

    /** What is counted here. */
    public SessionFigures figures() {
        return figures;
    }

    /** Sessions of this node, those that wait for their client included. */
    public int count() {
        return held.size();
    }

    SessionSettings settings() {
        return settings;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** This node, as a session's owner. */
    String self() {
        return registry.self().toString();
    }

    // Nobody waits for it: if the loop stops before, so does the node.
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void later(Connection connection, long ms, Runnable task) {
        connection.loop().schedule(task, ms, TimeUnit.MILLISECONDS);
    }

    void onLoop(Connection connection, Runnable task) {
        EventLoop loop = connection.loop();
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private static Future<Void> onLoop(Connection connection, Supplier<Future<Void>> call) {
        EventLoop loop = connection.loop();
        if (loop.inEventLoop()) {
            return call.get();
        }
        Promise<Void> promise = Promise.promise();
        loop.execute(() -> call.get().onComplete(promise));
        return promise.future();
    }
}

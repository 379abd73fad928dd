package dev.muster.node.session;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.Member;
import dev.muster.node.room.RoomEvent;
import dev.muster.registry.Position;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's session as long as this node holds it with one socket. A member of its room. On the connection's loop.
 *
 * <p>It is opened: it has joined, and asks the log and the registry what it needs to begin. Then it is live. It ends
 * when its socket does; whether somebody may go on with it then is for {@link Sessions} to say.
 */
public final class Session implements Member {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    /** Longest time for which an acknowledgement is not written down. */
    private static final long WRITE_AFTER_NANOS = 1_000_000_000L;

    private enum Stage {
        OPENING,
        LIVE,
        OVER
    }

    /** What a session needs to be opened; completes with what is to be told and shown first. */
    @FunctionalInterface
    interface Opening {
        Future<Opened> at(Position joinedAt);
    }

    /**
     * How a session begins.
     *
     * @param isKnown whether its client has the token already
     * @param state as it is written
     * @param record where it goes on being written
     * @param hello what the client is told
     * @param missed what it is shown first
     */
    record Opened(boolean isKnown, SessionState state, SessionRecord record, Hello hello, List<RoomEvent> missed) {}

    private final Connection connection;
    private final String room;
    private final SessionWire wire;
    private final Sessions sessions;
    private final long claim;
    private final Opening opening;
    private final Consumer<Hello> greeting;
    private final Promise<Void> opened = Promise.promise();

    private Stage stage = Stage.OPENING;
    private boolean broken;
    private @Nullable Opened begun;
    private @Nullable AckWindow window;
    private Numbering numbering;
    private @Nullable SessionState written;
    private long writtenAt;
    private boolean mustWrite;

    /**
     * @param claim under which it is held here, see {@link SessionState#claim}
     * @param greeting sends the wire's first frames
     */
    Session(
            Connection connection,
            String room,
            SessionWire wire,
            Sessions sessions,
            long claim,
            Opening opening,
            Consumer<Hello> greeting) {
        this.connection = connection;
        this.room = room;
        this.wire = wire;
        this.sessions = sessions;
        this.claim = claim;
        this.opening = opening;
        this.greeting = greeting;
        AckWindow none = new AckWindow(sessions.settings(), 0, new Position("none", 0));
        // Keeps what comes until it is known where to begin.
        this.numbering = new Numbering(connection, wire, none, 0, sessions.figures());
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Encoder encoder() {
        return wire.encoder();
    }

    /** Completes when the client has been greeted. */
    Future<Void> opened() {
        return opened.future();
    }

    // ---- beginning ----

    @Override
    public void welcome(String name, Position at) {
        opening.at(at)
                .onComplete(done -> sessions.onLoop(connection, () -> {
                    if (stage == Stage.OVER) {
                        if (done.succeeded()) {
                            giveBack(done.result());
                        }
                        return;
                    }
                    if (done.failed()) {
                        stage = Stage.OVER;
                        numbering.close();
                        opened.tryFail(done.cause());
                    } else {
                        begin(done.result());
                    }
                }));
    }

    /** The socket closed meanwhile: the client may come back for a session it knows of. */
    private void giveBack(Opened with) {
        SessionState state = with.state();
        Future<Void> written = with.isKnown()
                ? with.record().write(state.at(sessions.self(), false, state.acked(), state.through()))
                : with.record().remove();
        written.onFailure(cause -> LOG.debug("A session could not be given back", cause));
    }

    private void begin(Opened with) {
        begun = with;
        written = with.state();
        writtenAt = sessions.nanoTime();
        // Who asked for it between the claim and now found nobody to ask, and may have taken it: one more write tells.
        mustWrite = with.isKnown();
        AckWindow own = new AckWindow(
                sessions.settings(), with.state().acked(), with.state().through());
        window = own;
        Numbering from = new Numbering(connection, wire, own, with.state().joined(), sessions.figures());
        numbering.moveTo(from);
        numbering = from;
        stage = Stage.LIVE;
        if (broken) {
            breakOff();
            return;
        }
        greeting.accept(with.hello());
        from.open(with.missed(), sessions.nanoTime());
        opened.tryComplete();
    }

    // ---- living ----

    @Override
    public void deliver(RoomEvent event, @Nullable ByteBuf frame, boolean isExcepted) {
        if (stage == Stage.OVER) {
            return;
        }
        if (event instanceof RoomEvent.Reset) {
            broken = true;
            if (stage == Stage.LIVE) {
                breakOff();
            }
        } else if (!numbering.take(event, frame, isExcepted, sessions.nanoTime())) {
            connection.close(CloseReason.SLOW.saying("slow: too many messages are not acknowledged"));
        }
    }

    /** The room lost messages on their way here, so what this session saw has a hole: it ends, and says so. */
    private void breakOff() {
        Opened with = begun;
        end();
        if (with != null) {
            with.record().remove().onFailure(cause -> LOG.debug("A broken session could not be forgotten", cause));
        }
        connection.close(CloseReason.INSUFFICIENT_STATE.saying("messages were lost on their way here"));
        opened.tryFail(new CloseException(CloseReason.INSUFFICIENT_STATE));
    }

    /**
     * The client has every message up to {@code id}.
     *
     * @return false if there was no such message yet
     */
    public boolean ack(long id) {
        return stage != Stage.LIVE || numbering.ack(id, sessions.nanoTime());
    }

    /** Looks after messages that wait, and writes down what was acknowledged. To be called a few times a second. */
    void tick(long nanoTime) {
        AckWindow own = window;
        if (stage != Stage.LIVE || own == null) {
            return;
        }
        switch (own.due(nanoTime)) {
            case SEND_AGAIN -> numbering.again(nanoTime);
            case GIVE_UP -> {
                connection.close(CloseReason.SLOW.saying("slow: nothing is acknowledged"));
                return;
            }
            case NOTHING -> numbering.pump(nanoTime);
        }
        if (nanoTime - writtenAt >= WRITE_AFTER_NANOS) {
            writeIfNews(nanoTime, own);
        }
    }

    /** Whether {@link #pump} has something to do as soon as the socket takes more. */
    boolean isBlocked() {
        return stage == Stage.LIVE && numbering.isBlocked();
    }

    void pump(long nanoTime) {
        if (stage == Stage.LIVE) {
            numbering.pump(nanoTime);
        }
    }

    private void writeIfNews(long nanoTime, AckWindow own) {
        Opened with = begun;
        SessionState last = written;
        if (with == null || last == null || with.record().isBusy()) {
            return;
        }
        SessionState now = last.at(sessions.self(), true, own.acked(), own.through());
        if (now.equals(last) && !mustWrite) {
            return;
        }
        writtenAt = nanoTime;
        written = now;
        mustWrite = false;
        with.record().write(now).onFailure(failure -> sessions.onLoop(connection, () -> notWritten(failure)));
    }

    private void notWritten(Throwable failure) {
        if (failure instanceof SessionRecord.Lost) {
            replaced();
        } else {
            mustWrite = true;
            LOG.debug("A session's progress could not be written, trying again", failure);
        }
    }

    // ---- ending ----

    /** Another node holds the session now. */
    private void replaced() {
        if (stage != Stage.OVER) {
            end();
            sessions.forget(this);
            connection.close(CloseReason.REPLACED);
        }
    }

    /** No more messages; numbers and places stay. */
    void end() {
        stage = Stage.OVER;
        numbering.close();
        opened.tryFail(new CloseException(CloseReason.NORMAL));
    }

    /** Writes down where it stands, so that it can be gone on with exactly there. After {@link #end}. */
    Future<Void> writeLast() {
        Opened with = begun;
        AckWindow own = window;
        SessionState last = written;
        if (with == null || own == null || last == null) {
            return Future.succeededFuture();
        }
        SessionState now = last.at(sessions.self(), false, own.acked(), own.through());
        written = now;
        return with.record().write(now);
    }

    /** Forgets it for good. */
    Future<Void> remove() {
        Opened with = begun;
        return with == null ? Future.succeededFuture() : with.record().remove();
    }

    /** Whether the cluster knows it, so that it can be resumed. */
    boolean isResumable() {
        return begun != null && !broken;
    }

    /** Under which claim it is held here. Any thread. */
    long claim() {
        return claim;
    }

    /** The room it is in. */
    String room() {
        return room;
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "Session[" + connection.id() + " in " + room + ", " + stage + "]";
    }
}

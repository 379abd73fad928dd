package dev.muster.node.session;

import dev.muster.node.connection.Connection;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Position;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ways in which a session begins, once its connection has joined the room. */
final class Openings {

    /** What a client that comes back is given at most; its session keeps them until the client has taken them. */
    private static final RoomLog.Extent MISSED = new RoomLog.Extent(true, 12_000, 12 << 20);

    private static final RoomLog.Extent MISSED_MESSAGES =
            new RoomLog.Extent(false, MISSED.maxEvents(), MISSED.maxBytes());

    private final ConnectionRegistry registry;
    private final SessionStore store;
    private final RoomLog log;
    private final History history;
    private final SessionSettings settings;

    Openings(ConnectionRegistry registry, SessionStore store, History history, SessionSettings settings) {
        this.registry = registry;
        this.store = store;
        this.log = new RoomLog(registry);
        this.history = history;
        this.settings = settings;
    }

    /** A new session, perhaps with messages from before. */
    Session.Opening fresh(Connection connection, String room, SessionWire wire, Ask ask) {
        return at -> {
            if (!ask.wantsHistory()) {
                return begin(connection, room, wire, new Recall(List.of(), at, at, null), at, null);
            }
            return history.read(room, ask, at)
                    .compose(recall -> begin(connection, room, wire, recall, at, recall.miss() == null));
        };
    }

    /** A new session in place of one that cannot be gone on with. */
    Session.Opening instead(Connection connection, String room, SessionWire wire, Miss why) {
        return at -> begin(connection, room, wire, Recall.missed(at, why), at, false);
    }

    private Future<Session.Opened> begin(
            Connection connection,
            String room,
            SessionWire wire,
            Recall recall,
            Position at,
            @Nullable Boolean recovered) {
        SessionToken token = SessionToken.fresh(connection.id());
        SessionState state = new SessionState(
                token.hash(),
                connection.identity().userId(),
                wire.name(),
                room,
                SessionState.FIRST_CLAIM,
                registry.self().toString(),
                true,
                0,
                recall.from(),
                at.offset());
        SessionRecord record = new SessionRecord(store, connection.id(), SessionState.FIRST_CLAIM, null);
        Hello hello = hello(token, recovered, recall.miss(), at);
        return record.write(state).map(done -> new Session.Opened(false, state, record, hello, recall.events()));
    }

    /** A session that was taken over: goes on if the log has everything after what was acknowledged. */
    Session.Opening resumed(Claim.Taken taken, SessionWire wire) {
        SessionStore.Stored session = taken.session();
        if (session == null) {
            throw new IllegalArgumentException("there is no session");
        }
        SessionState state = session.state();
        SessionRecord record = new SessionRecord(store, session.id(), state.claim(), session.revision());
        RoomLog.Extent extent = wire.showsMemberships() ? MISSED : MISSED_MESSAGES;
        return joinedAt -> log.after(state.room(), state.through(), null, extent)
                .compose(recall -> recall.miss() == null
                        ? Future.succeededFuture(new Session.Opened(
                                true,
                                state,
                                record,
                                hello(taken.token(), true, null, recall.through()),
                                recall.events()))
                        : beginAgain(state, record, session.id(), recall))
                .recover(failure -> record.write(state.at(state.owner(), false, state.acked(), state.through()))
                        .transform(written -> Future.failedFuture(failure)));
    }

    /** The numbers of the session that had to end must not be mistaken for those of the new one: another token. */
    private Future<Session.Opened> beginAgain(SessionState old, SessionRecord record, String id, Recall recall) {
        SessionToken token = SessionToken.fresh(id);
        Position head = recall.through();
        SessionState state = new SessionState(
                token.hash(),
                old.user(),
                old.wire(),
                old.room(),
                old.claim(),
                old.owner(),
                true,
                0,
                head,
                head.offset());
        Hello hello = hello(token, false, recall.miss(), head);
        return record.write(state).map(done -> new Session.Opened(false, state, record, hello, List.of()));
    }

    private Hello hello(SessionToken token, @Nullable Boolean recovered, @Nullable Miss miss, Position at) {
        return new Hello(token.text(), settings.ttl().toSeconds(), recovered, miss, at);
    }
}

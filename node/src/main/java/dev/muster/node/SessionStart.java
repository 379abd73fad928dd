package dev.muster.node;

import dev.muster.node.config.NodeOptions;
import dev.muster.node.ops.NamedFigures;
import dev.muster.node.room.RoomPolicy;
import dev.muster.node.session.SessionFigures;
import dev.muster.node.session.SessionSettings;
import dev.muster.node.session.Sessions;
import java.util.ArrayList;
import java.util.List;

/** What rooms keep, for whom, and how sessions are counted. */
record SessionStart(NodeOptions.Rooms options) {

    /** What clients may ask for of a room's past. */
    List<RoomPolicy> asked() {
        List<RoomPolicy> policies = new ArrayList<>();
        options.byPattern().forEach((pattern, policy) -> policies.add(new RoomPolicy(pattern, policy)));
        policies.add(new RoomPolicy("*", options.policy()));
        return policies;
    }

    /** The same, and what has to be there for those who come back for their session. */
    List<RoomPolicy> kept() {
        return asked().stream()
                .map(policy -> new RoomPolicy(policy.pattern(), options.resume().atLeast(policy.group())))
                .toList();
    }

    SessionSettings settings() {
        return SessionSettings.DEFAULT.withTtl(options.resume().ttl());
    }

    static void count(Sessions sessions, NamedFigures named) {
        SessionFigures figures = sessions.figures();
        named.gauge("muster.sessions", "Sessions held by this node", sessions::count);
        named.gauge("muster.sessions.unacked", "Messages that wait for an acknowledgement", figures::unacked);
        named.gauge(
                "muster.sessions.unacked.bytes",
                "Bytes of messages that wait for an acknowledgement",
                figures::unackedBytes);
        named.counter("muster.sessions.resent", "Messages sent again to sessions", figures::resent);
        for (String outcome : SessionFigures.OUTCOMES) {
            named.counter(
                    "muster.sessions.resumed",
                    "Clients that came back for their session, by outcome",
                    () -> figures.resumes(outcome),
                    "outcome",
                    outcome);
        }
    }
}

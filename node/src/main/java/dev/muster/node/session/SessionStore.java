package dev.muster.node.session;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.SnapshotPage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the cluster keeps sessions: as entries of some groups that nobody is a member of, spread by the session's id.
 * Every change names the revision it expects, so of two nodes that want a session one gets it.
 */
final class SessionStore {

    /** So many that reading one session brings few others, and so few that one can go through them for leftovers. */
    static final int GROUPS = 256;

    /** No room is called so: its name would hold a control character. */
    private static final String GROUP_PREFIX = "\u0001sessions/";

    private static final GroupPolicy POLICY = new GroupPolicy(0, Duration.ZERO, 0, GroupPolicy.Presence.OFF);

    /** A session as it was found. */
    record Stored(String id, SessionState state, Position revision) {}

    private final ConnectionRegistry registry;

    SessionStore(ConnectionRegistry registry) {
        this.registry = registry;
    }

    static String groupOf(String sessionId) {
        return group(Math.floorMod(sessionId.hashCode(), GROUPS));
    }

    /** The name of one of the {@link #GROUPS}. */
    static String group(int index) {
        return GROUP_PREFIX + index;
    }

    /** The session; null if there is none. */
    Future<@Nullable Stored> load(String sessionId) {
        return load(groupOf(sessionId), sessionId, null);
    }

    private Future<@Nullable Stored> load(String group, String sessionId, @Nullable String cursor) {
        return registry.snapshot(group, cursor).compose(page -> {
            for (SnapshotPage.Entry entry : page.entries()) {
                if (entry.key().equals(sessionId)) {
                    return Future.succeededFuture(stored(entry));
                }
            }
            return page.next() == null
                    ? Future.<@Nullable Stored>succeededFuture(null)
                    : load(group, sessionId, page.next());
        });
    }

    private static @Nullable Stored stored(SnapshotPage.Entry entry) {
        SessionState state = SessionState.parse(entry.value());
        return state == null ? null : new Stored(entry.key(), state, entry.revision());
    }

    /** Whether the owner of a session is another node that is up. */
    boolean isOwnedElsewhere(SessionState state) {
        return !state.owner().equals(registry.self().toString())
                && registry.nodes().stream().anyMatch(node -> node.toString().equals(state.owner()));
    }

    /** All sessions of one of the {@link #GROUPS}. */
    Future<List<Stored>> all(String group) {
        return all(group, null, new ArrayList<>());
    }

    private Future<List<Stored>> all(String group, @Nullable String cursor, List<Stored> found) {
        return registry.snapshot(group, cursor).compose(page -> {
            for (SnapshotPage.Entry entry : page.entries()) {
                Stored stored = stored(entry);
                if (stored != null) {
                    found.add(stored);
                }
            }
            return page.next() == null ? Future.succeededFuture(found) : all(group, page.next(), found);
        });
    }

    /**
     * Writes a session.
     *
     * @param expected the revision it is to have now; null if it must not exist
     * @return its new revision; fails with CONFLICT if it is another
     */
    Future<Position> put(String sessionId, SessionState state, @Nullable Position expected) {
        Position revision = expected == null ? Draft.EntryChange.ABSENT : expected;
        Draft draft = Draft.put(sessionId, state.toBytes()).expecting(revision);
        return registry.publish(groupOf(sessionId), draft, POLICY).map(published -> {
            Position at = published.position();
            if (at == null) {
                throw new IllegalStateException("an entry's change without a position");
            }
            return at;
        });
    }

    /** Forgets a session, if it has this revision still. */
    Future<Void> remove(String sessionId, Position expected) {
        Draft.EntryChange change = new Draft.EntryChange(sessionId, true, expected);
        Draft draft = new Draft(null, ContentType.BINARY, Buffer.buffer(), Map.of(), false, null, change);
        return registry.publish(groupOf(sessionId), draft, POLICY).mapEmpty();
    }
}

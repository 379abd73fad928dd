package dev.muster.registry;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows which connections exist in the cluster and which groups they are in, keeps each group's log, and carries
 * publications between nodes. One registry object serves one node.
 *
 * <p>Every operation returns at once, from any thread (R01); its future completes within the operation time-out even
 * if the backend hangs (R02), on the Vert.x context of the caller if there is one. A programmer's error (null, blank,
 * oversize) throws {@link IllegalArgumentException} or {@link NullPointerException} at the call; everything else fails
 * the future with a {@link RegistryException}. Before {@link #start} and after {@link #close} every operation fails
 * with CLOSED (R03).
 *
 * <p>Payloads are never modified after they were handed over, by neither side.
 */
public interface ConnectionRegistry {

    // ---- lifecycle ----

    /**
     * Joins the cluster and takes a lease. Once per object. Fails with UNAVAILABLE if the backend cannot be reached
     * now; the registry then goes on trying and calls {@link RegistryListener#onRecovered()} when it is in.
     * Fails with REJECTED if the backend can never serve (wrong password, unsuitable settings, node name in use by a live node).
     */
    Future<Void> start(RegistryListener listener);

    /**
     * Leaves the cluster: everything this node registered is dropped, with a LEFT for each membership, before the
     * future completes; what does not fit the time-out is finished by the other nodes (R25). Idempotent, and always
     * completes (R03).
     */
    Future<Void> close();

    /** This node's present identity. Changes with {@link RegistryListener#onIncarnation}. */
    NodeId self();

    /** The nodes that are up now, this one included once it is. No I/O. */
    Set<NodeId> nodes();

    // ---- connections ----

    /**
     * This node holds this connection; {@code record.node()} is ignored and replaced by {@link #self()}. Again with
     * the same id: replaces the record (R04).
     */
    Future<Void> register(ConnectionRecord record);

    /**
     * The connection is gone: it leaves all its groups, and its record is removed (R08). Only what this registry
     * object registered is touched, never a record that a newer register replaced (R06).
     *
     * <p>The socket is gone whether or not the backend can be told: if this fails with UNAVAILABLE or TIMEOUT, the
     * connection is not restored when the backend is back (R22).
     *
     * @return whether it was registered here
     */
    Future<Boolean> unregister(String connectionId);

    /** Who holds the connection, if anybody. */
    Future<Optional<ConnectionRecord>> locate(String connectionId);

    /** The connections of a user in the whole cluster, oldest first. */
    Future<List<ConnectionRecord>> connectionsOf(String user);

    /** Connections registered in the whole cluster, exactly. */
    Future<Long> connectionCount();

    // ---- interest ----

    /**
     * Deliver the group's publications to this node. Every publication after the returned position is delivered,
     * absent failure; nothing is promised at or before it (R12). Idempotent: again returns a current position.
     */
    Future<Position> watch(String group);

    /** Stop delivering them. Unwatching what is not watched succeeds (R04). */
    Future<Void> unwatch(String group);

    // ---- membership ----

    /**
     * Makes a connection of this node a member. When the future completes, every node sees it (R07). Calls of one
     * connection take effect in the order they were made (R05).
     *
     * @return the position just before the member's own JOINED, or the head with presence off; for a repeated join
     *     what the first one returned (R12)
     */
    Future<Position> join(String connectionId, String group, GroupPolicy policy);

    /**
     * Ends a membership. If this fails with UNAVAILABLE or TIMEOUT, the membership is not restored all the same (R22).
     *
     * @return whether it was a member (R04)
     */
    Future<Boolean> leave(String connectionId, String group);

    /**
     * The members in the order they joined, from shared state, as records of the join.
     *
     * @param cursor null for the first page, else {@link Page#next()} of the one before
     * @param limit most records to return, 1 to 1000
     */
    Future<Page<ConnectionRecord>> members(String group, @Nullable String cursor, int limit);

    /** How many members the group has, exactly, from shared state. 0 for a group that does not exist. */
    Future<Long> memberCount(String group);

    /** The groups a connection is in. Empty for one that is unknown. */
    Future<Set<String>> groupsOf(String connectionId);

    /**
     * The non-empty groups, in no particular order. Weakly consistent: a group that is non-empty throughout is seen
     * at least once.
     *
     * @param cursor null for the first page, else {@link Page#next()} of the one before
     */
    Future<Page<GroupCount>> groups(@Nullable String cursor);

    // ---- publishing ----

    /**
     * Appends to the group's log and delivers to every node that watches the group, this one included (R13). Done
     * means that the registry has it (R14). Publishes to one group that were issued in order get positions in that
     * order. A publish that failed or timed out leaves the order; retrying it is a new publish.
     *
     * <p>Fails with CONFLICT if an expected revision differs, or if the message id was used before with other bytes.
     */
    Future<Published> publish(String group, Draft draft, GroupPolicy policy);

    /** Delivers to every node, at most once, unsequenced. The draft must be {@code fast}. */
    Future<Void> publishAll(Draft draft);

    /**
     * The group's publications after a position.
     *
     * @param after exclusive
     * @param limit most publications to return, 1 to 1000
     */
    Future<Slice> read(String group, Position after, int limit);

    /** The position of the newest publication of each group. A group that does not exist is missing in the answer. */
    Future<Map<String, Position>> heads(Collection<String> groups);

    /**
     * The group's keyed entries, page by page.
     *
     * @param cursor null for the first page, else {@link SnapshotPage#next()} of the one before. Fails with REJECTED
     *     if the log was replaced meanwhile: start again
     */
    Future<SnapshotPage> snapshot(String group, @Nullable String cursor);

    /**
     * Hands bytes to the link of the node that holds the connection now: at most once, no receipt, never a broadcast
     * (R19).
     *
     * @return false if nobody holds it
     */
    Future<Boolean> send(String connectionId, Buffer payload);
}

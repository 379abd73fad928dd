package dev.muster.node;

import dev.muster.node.config.NodeOptions;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.event.Target;
import dev.muster.node.ops.NodeState;
import dev.muster.node.protocol.Form;
import dev.muster.node.protocol.event.EventPublisher;
import dev.muster.node.room.Except;
import dev.muster.node.room.RoomEvent;
import dev.muster.node.sync.Space;
import dev.muster.node.transport.Listener;
import dev.muster.node.transport.OpsListener;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A running node. What goes to a group, to all or to one connection by its id works over the whole cluster;
 * {@link #find}, {@link #all}, {@link #filter} and {@link #count} are about this node's own sockets.
 *
 * <p>All methods may be called from any thread. Futures fail with a
 * {@link dev.muster.registry.RegistryException} if the registry cannot be used.
 */
public final class Node {

    /** What text said by the server itself carries, so that every protocol shows it. */
    private static final Map<String, String> SAID = Map.of(RoomEvent.Message.FORM, Form.SAID);

    private final NodeOptions options;
    private final Parts parts;
    private final Drain drain;

    Node(NodeOptions options, Parts parts, Drain drain) {
        this.options = options;
        this.parts = parts;
        this.drain = drain;
    }

    /** A node to be described and started. */
    public static NodeBuilder builder() {
        return new NodeBuilder();
    }

    // ---- the node ----

    /** Its name, unique in the cluster. */
    public String id() {
        return options.nodeId();
    }

    /** What it was told before it started. */
    public NodeOptions options() {
        return options;
    }

    /** The port it really listens on. */
    public int port() {
        return parts.listener().port();
    }

    /** The port of raw TCP that it really listens on; empty if it has none. */
    public OptionalInt tcpPort() {
        return port(parts.tcp());
    }

    /** The port where a WebSocket on any path speaks packets; empty if it has none. */
    public OptionalInt packetPort() {
        return port(parts.packets());
    }

    private static OptionalInt port(@Nullable Listener listener) {
        return listener == null ? OptionalInt.empty() : OptionalInt.of(listener.port());
    }

    /** The port for those who run it, if it has one. */
    public OptionalInt opsPort() {
        OpsListener ops = parts.ops();
        return ops == null ? OptionalInt.empty() : OptionalInt.of(ops.port());
    }

    /** Whether it takes connections and reaches its registry. */
    public boolean isReady() {
        return parts.state().status() == NodeState.Status.READY;
    }

    /** Completes when it reaches its registry for the first time; at once if it did before {@code start} completed. */
    public Future<Void> whenReady() {
        return parts.state().whenReached();
    }

    /**
     * Stops in order: its members leave at once everywhere, its sockets are told to go to another node, and everything
     * it started is closed. Idempotent, always completes, and within the drain timeout.
     */
    public Future<Void> close() {
        return drain.start();
    }

    // ---- groups ----

    /**
     * Makes a connection of this node a member of a group. It gets the group's messages as they are, its own
     * included; who wants them differently writes a {@link dev.muster.node.protocol.Protocol}.
     *
     * @return when every node knows it; the position after which it gets everything
     */
    public Future<Position> join(Connection connection, String group) {
        return parts.rooms().join(new PlainMember(connection), group);
    }

    /**
     * Ends a membership.
     *
     * @return whether the connection was a member
     */
    public Future<Boolean> leave(Connection connection, String group) {
        return parts.rooms().leave(connection, group);
    }

    /** Ends all memberships of a connection of this node. */
    public Future<Void> leaveAll(Connection connection) {
        return parts.rooms().leaveAll(connection);
    }

    /** The groups a connection is in, on whichever node it is. */
    public Future<Set<String>> groups(String connectionId) {
        return parts.registry().groupsOf(connectionId);
    }

    /** The groups a connection is in. */
    public Future<Set<String>> groups(Connection connection) {
        return groups(connection.id());
    }

    /** How many connections are in a group, over all nodes. */
    public Future<Long> groupCount(String group) {
        return parts.registry().memberCount(group);
    }

    // ---- to one ----

    /**
     * Sends text to a connection on whichever node it is: at most once, no receipt.
     *
     * @return whether anybody holds the connection
     */
    public Future<Boolean> send(String connectionId, String text) {
        return parts.directory().send(connectionId, ContentType.TEXT, Buffer.buffer(text));
    }

    /** Sends bytes; see {@link #send(String, String)}. */
    public Future<Boolean> send(String connectionId, Buffer bytes) {
        return parts.directory().send(connectionId, ContentType.BINARY, bytes);
    }

    /**
     * Sends a value as JSON text; see {@link #send(String, String)}.
     *
     * @param value anything {@link Json} encodes
     */
    public Future<Boolean> sendJson(String connectionId, Object value) {
        return parts.directory().send(connectionId, ContentType.JSON, Json.encodeToBuffer(value));
    }

    /**
     * Closes a connection on whichever node it is.
     *
     * @return whether anybody holds the connection
     */
    public Future<Boolean> disconnect(String connectionId, CloseReason reason) {
        return parts.directory().disconnect(connectionId, reason);
    }

    // ---- to many ----

    /** Says text in a group, to all members of every protocol. */
    public Future<Void> sendToGroup(String group, String text) {
        return sendToGroup(group, text, Set.of());
    }

    /**
     * Says text in a group, to all members of every protocol but some.
     *
     * @param except ids of connections that do not get it, at most {@link Except#MAX}
     */
    public Future<Void> sendToGroup(String group, String text, Set<String> except) {
        return publish(group, ContentType.TEXT, Buffer.buffer(text), SAID, except);
    }

    /** Sends bytes to those members of a group whose protocol takes bytes. */
    public Future<Void> sendToGroup(String group, Buffer bytes) {
        return sendToGroup(group, bytes, Set.of());
    }

    /** Sends bytes to those members of a group whose protocol takes bytes, but for some. */
    public Future<Void> sendToGroup(String group, Buffer bytes, Set<String> except) {
        return publish(group, ContentType.BINARY, bytes, Map.of(), except);
    }

    /** Sends a value as JSON text to the members of a group whose protocol takes JSON of any shape. */
    public Future<Void> sendJsonToGroup(String group, Object value) {
        return sendJsonToGroup(group, value, Set.of());
    }

    /** Sends a value as JSON text to members of a group but for some; see {@link #sendJsonToGroup(String, Object)}. */
    public Future<Void> sendJsonToGroup(String group, Object value, Set<String> except) {
        return publish(group, ContentType.JSON, Json.encodeToBuffer(value), Map.of(), except);
    }

    /** Sends text as it is to every connection of every node, whatever its protocol; at most once. */
    public Future<Void> sendToAll(String text) {
        return sendToAll(text, Set.of());
    }

    /** Sends text as it is to every connection of every node but some; at most once. */
    public Future<Void> sendToAll(String text, Set<String> except) {
        return broadcast(ContentType.TEXT, Buffer.buffer(text), except);
    }

    /** Sends bytes as they are to every connection of every node; at most once. */
    public Future<Void> sendToAll(Buffer bytes) {
        return sendToAll(bytes, Set.of());
    }

    /** Sends bytes as they are to every connection of every node but some; at most once. */
    public Future<Void> sendToAll(Buffer bytes, Set<String> except) {
        return broadcast(ContentType.BINARY, bytes, except);
    }

    /** Sends a value as JSON text to every connection of every node; at most once. */
    public Future<Void> sendJsonToAll(Object value) {
        return sendJsonToAll(value, Set.of());
    }

    /** Sends a value as JSON text to every connection of every node but some; at most once. */
    public Future<Void> sendJsonToAll(Object value, Set<String> except) {
        return broadcast(ContentType.JSON, Json.encodeToBuffer(value), except);
    }

    private Future<Void> publish(
            String group, ContentType type, Buffer payload, Map<String, String> headers, Set<String> except) {
        Draft draft = new Draft(null, type, payload, headers, false, null, null);
        return parts.rooms().publish(group, Except.in(draft, except)).mapEmpty();
    }

    private Future<Void> broadcast(ContentType type, Buffer payload, Set<String> except) {
        Draft draft = new Draft(null, type, payload, Map.of(), true, null, null);
        return parts.registry().publishAll(Except.in(draft, except));
    }

    /**
     * Checks an event that {@link NodeBuilder#events} declared, or a {@link dev.muster.node.event.Notification}, and
     * publishes it by {@link Publishing#to} to those who subscribed to it.
     */
    public <E extends Record> Publishing publish(E event) {
        return target -> new EventPublisher(parts.rooms(), parts.directory(), parts.events()).publish(event, target);
    }

    /** An event that still needs to be told whom it is for. */
    @FunctionalInterface
    public interface Publishing {
        /**
         * Publishes.
         *
         * @return done when it is on its way; fails with a {@link dev.muster.registry.RegistryException}
         * @throws dev.muster.node.event.InvalidEvent if it is not as it was declared
         * @throws IllegalArgumentException if it is not declared on this node, or is one that clients publish
         */
        Future<Void> to(Target target);
    }

    // ---- spaces ----

    /**
     * A space of entities and components, the same on every node.
     *
     * @throws dev.muster.node.sync.SyncException if {@link NodeBuilder#sync} named no such space
     */
    public Space space(String name) {
        return parts.spaces().space(name);
    }

    // ---- this node's own sockets ----

    /** The connection, if this node holds it. */
    public Optional<Connection> find(String connectionId) {
        return parts.directory().find(connectionId);
    }

    /** The open connections of this node. */
    public Collection<Connection> all() {
        return filter(connection -> true);
    }

    /** The open connections of this node that {@code wanted} accepts. */
    public Collection<Connection> filter(Predicate<Connection> wanted) {
        return parts.directory().filter(wanted);
    }

    /** How many connections this node holds. */
    public int count() {
        return parts.directory().count();
    }
}

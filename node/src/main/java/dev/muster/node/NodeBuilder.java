package dev.muster.node;

import dev.muster.node.config.NodeOptions;
import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Route;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.event.Events;
import dev.muster.node.protocol.Protocol;
import dev.muster.node.sync.Sync;
import dev.muster.registry.ConnectionRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Describes a node, and starts it. Options are those of the command, by the same names; what is not said has the same
 * defaults, but for environment and configuration file, which only the command reads.
 */
public final class NodeBuilder {

    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<Route> routes = new ArrayList<>();
    private final List<Protocol> protocols = new ArrayList<>();
    private Events events = Events.NONE;
    private Sync sync = Sync.DEFAULT;
    private @Nullable NodeOptions options;
    private @Nullable ConnectionRegistry registry;
    private @Nullable Vertx vertx;

    NodeBuilder() {}

    /** All options at once, in place of {@link #option}. */
    public NodeBuilder options(NodeOptions options) {
        this.options = options;
        return this;
    }

    /**
     * One option, as on the command line but without the dashes. Checked by {@link #start}.
     */
    public NodeBuilder option(String name, Object value) {
        values.put(name, value.toString());
        return this;
    }

    /** The name of this node, unique in the cluster. */
    public NodeBuilder nodeId(String nodeId) {
        return option("node-id", nodeId);
    }

    /** The port of HTTP and WebSocket; 0 for any that is free. */
    public NodeBuilder port(int port) {
        return option("port", port);
    }

    /** The address to listen on. */
    public NodeBuilder host(String host) {
        return option("host", host);
    }

    /** A registry by its name: {@code memory}, {@code redis}, {@code hazelcast}, or another on the class path. */
    public NodeBuilder registry(String name) {
        return option("registry", name);
    }

    /** A registry of one's own that is not started yet; the node starts and closes it, and nobody else uses it. */
    public NodeBuilder registry(ConnectionRegistry registry) {
        this.registry = registry;
        return this;
    }

    /** A Vert.x that is there already; without it the node makes one of its own, with an event loop for each core. */
    public NodeBuilder vertx(Vertx vertx) {
        this.vertx = vertx;
        return this;
    }

    /**
     * A handler of one's own for a path, tried before the built-in protocols.
     *
     * @param pattern see {@link Route#pattern}
     * @param authenticator decides who comes in
     * @param handler gets the connections
     * @param checks of parameters and query, each throws a {@link dev.muster.node.connection.Refusal}
     */
    public NodeBuilder route(
            String pattern, Authenticator authenticator, SocketHandler handler, Route.Check... checks) {
        routes.add(new Route(pattern, authenticator, handler, List.of(checks)));
        return this;
    }

    /** The application's own events; see {@link Node#publish}. */
    public NodeBuilder events(Events events) {
        this.events = events;
        return this;
    }

    /** The application's own components and spaces; see {@link Node#space}. */
    public NodeBuilder sync(Sync sync) {
        this.sync = sync;
        return this;
    }

    /** A protocol besides those that {@link ServiceLoader} finds. */
    public NodeBuilder protocol(Protocol protocol) {
        protocols.add(protocol);
        return this;
    }

    /**
     * Starts the node.
     *
     * @return when it accepts connections. If the registry cannot be reached yet it does so all the same, and is
     *     {@linkplain Node#isReady ready} later. Fails if the port cannot be bound, or if the registry refuses this node
     *     for good
     * @throws dev.muster.node.config.InvalidOption if an option is unknown, has a bad value, or two do not go together
     */
    public Future<Node> start() {
        NodeOptions given = options;
        if (given != null && !values.isEmpty()) {
            throw new IllegalStateException("options(…) and single options were both given: " + values.keySet());
        }
        List<Protocol> all = new ArrayList<>(protocols);
        ServiceLoader.load(Protocol.class).forEach(all::add);
        return new NodeStart(given == null ? NodeOptions.of(values) : given, vertx, registry, routes, all, events, sync)
                .start();
    }
}

package dev.muster.node;

import dev.muster.node.auth.RoleCheck;
import dev.muster.node.config.InvalidOption;
import dev.muster.node.config.NodeOptions;
import dev.muster.node.config.OpsOptions;
import dev.muster.node.config.RegistryProviders;
import dev.muster.node.connection.Route;
import dev.muster.node.connection.StreamRoute;
import dev.muster.node.directory.Directory;
import dev.muster.node.event.Events;
import dev.muster.node.ops.BadInputFigures;
import dev.muster.node.ops.Figures;
import dev.muster.node.ops.HttpApi;
import dev.muster.node.ops.LoopLag;
import dev.muster.node.ops.MeteredRegistry;
import dev.muster.node.ops.NamedFigures;
import dev.muster.node.ops.NodeState;
import dev.muster.node.ops.NotifyEndpoint;
import dev.muster.node.ops.OpsApi;
import dev.muster.node.ops.Permission;
import dev.muster.node.ops.RegistryFigures;
import dev.muster.node.protocol.Protocol;
import dev.muster.node.protocol.ProtocolContext;
import dev.muster.node.protocol.event.EventPublisher;
import dev.muster.node.room.BroadcastLog;
import dev.muster.node.room.Rooms;
import dev.muster.node.session.History;
import dev.muster.node.session.Sessions;
import dev.muster.node.sync.Spaces;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.SyncSettings;
import dev.muster.node.sync.external.ExternalSpaces;
import dev.muster.node.sync.session.SyncClients;
import dev.muster.node.transport.ConnectionIds;
import dev.muster.node.transport.Listener;
import dev.muster.node.transport.OpsListener;
import dev.muster.node.transport.RouteTable;
import dev.muster.node.transport.TransportMetrics;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.NodeId;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.VertxInternal;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a node together and starts it. */
final class NodeStart {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStart.class);

    private final NodeOptions options;
    private final boolean ownsVertx;
    private final VertxInternal vertx;
    private final List<Route> routes;
    private final List<Protocol> protocols;
    private final Events events;
    private final Sync sync;
    private final Map<String, String> roomSpaces;
    private final Clock clock = Clock.systemUTC();
    private final LongSupplier nanoTime = System::nanoTime;
    private final RegistryFigures registryFigures = new RegistryFigures();
    private final BadInputFigures badInput = new BadInputFigures();
    private final NamedFigures namedFigures = new NamedFigures();
    private final TransportMetrics transportMetrics = new TransportMetrics();
    private final NodeState state;
    private final ConnectionRegistry registry;
    private final NodeTalk talk;
    private final Entrance entrance;
    private final Quotas quotas;

    /**
     * @param vertx null to make one
     * @param own null to make the registry that the options name
     */
    NodeStart(
            NodeOptions options,
            @Nullable Vertx vertx,
            @Nullable ConnectionRegistry own,
            List<Route> routes,
            List<Protocol> protocols,
            Events events,
            Sync sync) {
        this.options = options;
        this.sync = sync.and(options.spaces().further());
        this.roomSpaces = roomSpaces();
        this.ownsVertx = vertx == null;
        this.vertx = (VertxInternal) (vertx == null ? newVertx(options.eventLoops()) : vertx);
        this.routes = List.copyOf(routes);
        this.protocols = List.copyOf(protocols);
        this.events = events;
        this.state = new NodeState(options.nodeId(), options.cluster().registry(), nanoTime);
        this.registry = new MeteredRegistry(
                own == null ? newRegistry() : own, registryFigures, this.vertx.eventLoopGroup(), nanoTime);
        this.talk = new NodeTalk(registry);
        this.entrance = entrance();
        this.quotas = new Quotas(options.access().limits(), options.nodeId(), registry, talk, nanoTime);
        entrance.addFigures(namedFigures);
        quotas.addFigures(namedFigures);
    }

    /** By option, and beyond that as declared: who runs a node may decide otherwise than who wrote it. */
    private Map<String, String> roomSpaces() {
        Map<String, String> all = new LinkedHashMap<>(options.rooms().spaces());
        sync.rooms().forEach(all::putIfAbsent);
        all.values().forEach(space -> {
            if (!sync.hasSpace(space)) {
                throw new InvalidOption(
                        "room-space",
                        "must name spaces that there are (" + String.join(", ", new TreeSet<>(sync.spaces()))
                                + "), but names " + space);
            }
        });
        return all;
    }

    private Entrance entrance() {
        try {
            return new Entrance(options.access(), vertx, registry, talk, clock, nanoTime);
        } catch (IllegalArgumentException refused) {
            closeVertx();
            throw refused;
        }
    }

    private static Vertx newVertx(int eventLoops) {
        return Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(eventLoops)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    private ConnectionRegistry newRegistry() {
        NodeOptions.Cluster cluster = options.cluster();
        try {
            return RegistryProviders.load()
                    .get(cluster.registry())
                    .create(new RegistryContext(
                            vertx,
                            cluster.namespace(),
                            options.nodeId(),
                            clock,
                            nanoTime,
                            cluster.timings(),
                            RegistryContext.DEFAULT_MAX_PAYLOAD,
                            cluster.options()));
        } catch (IllegalArgumentException refused) {
            closeVertx();
            throw refused;
        }
    }

    Future<Node> start() {
        Rooms rooms = new Rooms(
                registry,
                new SessionStart(options.rooms()).kept(),
                clock,
                nanoTime,
                options.logging().broadcasts() ? new BroadcastLog(registry, nanoTime) : null);
        Directory directory = new Directory(registry);
        LoopLag lag = new LoopLag(vertx.eventLoopGroup(), nanoTime);
        Sessions sessions = sessions(rooms, directory);
        Spaces spaces = new Spaces(
                registry,
                sync,
                vertx,
                settings(options.spaces()),
                nanoTime,
                NodeId.fresh(options.nodeId()).incarnation());
        SyncClients clients = new SyncClients(spaces, registry, !entrance.tokenRequired(), nanoTime, clock);
        count(spaces, clients);
        ExternalSpaces external = new ExternalSpaces(spaces, !entrance.tokenRequired(), roomSpaces);
        ProtocolContext context = context(rooms, directory, sessions, clients, external);
        Ports ports = new Ports(
                vertx,
                options,
                quotas.connections(),
                quotas.messages(),
                new Arrivals(rooms, directory, sessions, entrance),
                new ConnectionIds(NodeId.fresh(options.nodeId()).incarnation()),
                transportMetrics);
        StreamRoute stream = stream(context);
        Figures figures = figures(rooms, directory, lag);
        Promise<Drain> drained = Promise.promise();
        Parts parts = new Parts(
                vertx,
                ownsVertx,
                registry,
                rooms,
                directory,
                sessions,
                spaces,
                state,
                lag,
                events,
                ports.http(routeTable(context), api(context, figures, entrance.roles())),
                ports.tcp(stream),
                ports.packets(stream),
                ops(context, figures, () -> stopBeside(drained.future())));
        Drain drain = new Drain(
                parts,
                new Ticks(vertx, rooms, directory, sessions, spaces, clients, entrance, quotas, nanoTime),
                options.drainTimeout());
        drained.complete(drain);
        return registry.start(new RegistryEvents(rooms, spaces, clients, directory, talk, state))
                .compose(in -> {
                    state.registryReached();
                    return entrance.begin();
                })
                .recover(this::startWithout)
                .compose(in -> listen(parts))
                .map(listening -> new Node(options, parts, drain))
                .recover(failure -> drain.start().transform(closed -> Future.failedFuture(failure)));
    }

    /** A registry that cannot be reached now is no reason not to start: it goes on trying, and says when it is in. */
    private Future<Void> startWithout(Throwable failure) {
        if (failure instanceof RegistryException later && later.retryable()) {
            LOG.warn(
                    "The registry {} cannot be reached, trying again until it can: {}",
                    options.cluster().registry(),
                    failure.getMessage());
            return Future.succeededFuture();
        }
        return Future.failedFuture(failure);
    }

    private void count(Spaces spaces, SyncClients clients) {
        namedFigures.gauge("muster.sync.replicas", "Spaces that this node keeps a copy of", spaces::replicas);
        namedFigures.gauge("muster.sync.entities", "Entities in these copies", spaces::entities);
        namedFigures.gauge("muster.sync.components.bytes", "Bytes of components in these copies", spaces::bytes);
        namedFigures.gauge("muster.sync.clients", "Clients of spaces on this node", clients::count);
    }

    private static SyncSettings settings(NodeOptions.Spaces spaces) {
        return new SyncSettings(spaces.componentBytes(), spaces.entities(), spaces.bytes(), spaces.linger());
    }

    private Sessions sessions(Rooms rooms, Directory directory) {
        SessionStart start = new SessionStart(options.rooms());
        History history = new History(registry, start.asked(), clock);
        Sessions sessions = new Sessions(registry, rooms, directory, history, start.settings(), nanoTime);
        SessionStart.count(sessions, namedFigures);
        return sessions;
    }

    /** One after another, so that what they log is in an order that people can read. */
    private static Future<Void> listen(Parts parts) {
        Future<Void> listening = Future.succeededFuture();
        for (Listener listener : parts.listeners()) {
            listening = listening.compose(before -> listener.listen()).mapEmpty();
        }
        OpsListener ops = parts.ops();
        return ops == null ? listening : listening.compose(before -> ops.listen());
    }

    private @Nullable StreamRoute stream(ProtocolContext context) {
        for (Protocol protocol : protocols) {
            Optional<StreamRoute> stream = protocol.stream(context);
            if (stream.isPresent()) {
                return stream.get();
            }
        }
        return null;
    }

    private ProtocolContext context(
            Rooms rooms, Directory directory, Sessions sessions, SyncClients clients, ExternalSpaces external) {
        return new ProtocolContext(
                rooms,
                directory,
                entrance.usual(),
                entrance.withToken(),
                entrance.gate(directory),
                sessions,
                clients,
                external,
                (protocol, code) -> badInput.count(protocol, code.code()),
                clock,
                events,
                options.packets().room());
    }

    private Figures figures(Rooms rooms, Directory directory, LoopLag lag) {
        return new Figures(
                state,
                transportMetrics,
                rooms,
                () -> directory.filter(any -> true),
                registry,
                registryFigures,
                badInput,
                lag,
                namedFigures);
    }

    /** On a thread of its own: an event loop could not wait for its own end. */
    private static void stopBeside(Future<Drain> drain) {
        drain.onSuccess(stop -> new Thread(stop::start, "drain").start());
    }

    /** The port of those who run the node, if it has one. */
    private @Nullable OpsListener ops(ProtocolContext context, Figures figures, Runnable drain) {
        OpsOptions ops = options.access().ops();
        Integer port = ops.port();
        if (port == null) {
            return null;
        }
        RoleCheck roles = entrance.opsRoles(ops.host());
        HttpApi api = api(context, figures, roles);
        return new OpsListener(vertx, ops.host(), port, new OpsApi(api, entrance.revocations(), roles, drain));
    }

    private HttpApi api(ProtocolContext context, Figures figures, RoleCheck roles) {
        return new HttpApi(
                vertx,
                figures,
                registry,
                context.rooms(),
                context.directory()::count,
                roles,
                clock,
                notify(context),
                sync.schema());
    }

    private NotifyEndpoint notify(ProtocolContext context) {
        boolean rolesCount = context.gate().tokenRequired();
        Permission permission =
                new Permission(rolesCount ? context.tokenRequired() : context.tokenOptional(), rolesCount);
        return new NotifyEndpoint(
                permission, new EventPublisher(context.rooms(), context.directory(), context.events()), clock);
    }

    private RouteTable routeTable(ProtocolContext context) {
        Paths paths = new Paths();
        for (Protocol protocol : protocols) {
            protocol.routes(context).forEach(route -> paths.socket(route.speaking(protocol.name())));
        }
        return paths.table(routes);
    }

    private void closeVertx() {
        if (ownsVertx) {
            vertx.close();
        }
    }
}

package dev.muster.node.transport;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Refusal;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's port for HTTP and WebSockets. All event loops accept from it, so that connections spread over them and
 * each lives on one. Plain requests go to a request handler, usually a router; upgrades to the routes.
 */
public final class HttpListener implements Listener {

    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
    private static final int BACKLOG = 1024;

    /** Vert.x lets servers of one process share a port, which is right for our loops and wrong for two nodes. */
    private static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();

    private static final AtomicInteger FREE_PORTS = new AtomicInteger();

    private final VertxInternal vertx;
    private final TransportScope scope;
    private final RouteTable routes;
    private final Handler<HttpServerRequest> plain;
    private final Upgrade upgrade;
    private final List<TransportLoop> loops = new ArrayList<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private volatile boolean draining;
    private volatile int port;

    /**
     * A listener that does not listen yet.
     *
     * @param plain answers requests that are no upgrades, for paths that are not WebSockets only
     * @param limit asked for each upgrade
     * @param messages how much clients may send
     * @param listener told of each connection
     */
    public HttpListener(
            Vertx vertx,
            TransportOptions options,
            RouteTable routes,
            Handler<HttpServerRequest> plain,
            ConnectionLimit limit,
            MessageLimit messages,
            ConnectionListener listener,
            ConnectionIds ids,
            TransportMetrics metrics) {
        this.vertx = (VertxInternal) vertx;
        this.scope = new TransportScope(options, metrics, ids, listener, messages);
        this.routes = routes;
        this.plain = plain;
        this.upgrade = new Upgrade(options, routes, limit, () -> draining);
        for (EventExecutor executor : this.vertx.eventLoopGroup()) {
            loops.add(new TransportLoop((EventLoop) executor, scope));
        }
    }

    /**
     * Binds. Fails with a sentence naming address and port if that is not possible; nothing is bound then.
     *
     * @return this, when requests are accepted
     */
    @Override
    public Future<HttpListener> listen() {
        loops.forEach(loop -> loop.eventLoop.execute(loop.wheel::start));
        return Loopback.bind(scope.options().host(), scope.options().port(), this::bind)
                .map(this)
                .recover(cause -> stop().transform(stopped -> Future.failedFuture(cause)));
    }

    private Future<Integer> bind(String host, int wanted) {
        String address = host + ":" + wanted;
        if (wanted != 0 && !TAKEN.add(address)) {
            return Future.failedFuture(new ListenException(host, wanted, "another listener of this process has it"));
        }
        if (wanted != 0) {
            taken.add(address);
        }
        SocketAddress shared = wanted == 0
                ? SocketAddress.sharedRandomPort(FREE_PORTS.incrementAndGet(), host)
                : SocketAddress.inetSocketAddress(wanted, host);
        // One after another: the first binds the socket, the others join it.
        Future<Void> joined = Future.succeededFuture();
        for (TransportLoop loop : loops) {
            joined = joined.compose(before -> bind(loop, shared));
        }
        return joined.recover(cause ->
                        Future.failedFuture(new ListenException(host, wanted, String.valueOf(cause.getMessage()))))
                .map(done -> port)
                .onSuccess(bound -> LOG.info("WebSocket server listening on {}:{}", host, bound));
    }

    private Future<Void> bind(TransportLoop loop, SocketAddress address) {
        HttpServer server = vertx.createHttpServer(options())
                .connectionHandler(connection -> accept(loop, connection))
                .exceptionHandler(failure -> LOG.debug("A plain HTTP connection broke", failure))
                .requestHandler(this::request);
        ContextInternal context =
                vertx.contextBuilder().withEventLoop(loop.eventLoop).build();
        Promise<Void> bound = Promise.promise();
        context.runOnContext(start -> server.listen(address)
                .onSuccess(listening -> {
                    port = listening.actualPort();
                    synchronized (servers) {
                        servers.add(server);
                    }
                })
                .<Void>mapEmpty()
                .onComplete(bound));
        return bound.future();
    }

    private HttpServerOptions options() {
        HttpLimits limits = scope.options().http();
        // The limits are the doorman's; these only have to be above them.
        return new HttpServerOptions()
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true)
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxInitialLineLength(2 * limits.maxHeaderBytes())
                .setMaxHeaderSize(2 * limits.maxHeaderBytes());
    }

    private void accept(TransportLoop loop, HttpConnection connection) {
        ((ConnectionBase) connection).channel().pipeline().addFirst("doorman", new Doorman(loop, upgrade));
    }

    private void request(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.endHandler(ended -> scope.metrics().answered(response.getStatusCode()));
        String path = request.uri().startsWith("/") ? PathPattern.withoutQuery(request.uri()) : "/";
        RouteTable.Entry entry = routes.find(path);
        RouteTable.Kind kind = entry == null ? RouteTable.Kind.PLAIN : entry.kind();
        if (kind == RouteTable.Kind.ABSENT) {
            HttpErrors.answer(request, new Refusal(404, "not found"));
        } else if (kind != RouteTable.Kind.SOCKET) {
            plain.handle(request);
        } else if (request.method().equals(HttpMethod.GET)) {
            HttpErrors.answer(request, Refusal.badRequest("Upgrade", "this path is a websocket: ask for an upgrade"));
        } else {
            HttpErrors.methodNotAllowed(request, "GET");
        }
    }

    /** The port that is really bound, also when any was asked for. */
    @Override
    public int port() {
        return port;
    }

    /** From now on upgrades are refused with 503; what is open stays. */
    @Override
    public void drain() {
        draining = true;
    }

    /**
     * Closes all connections.
     *
     * @param spread over how long, so that the clients do not all come back to other nodes at once; zero for at once
     * @return when the close frames are out, and the clients have answered or had their time
     */
    @Override
    public Future<Void> closeAll(CloseReason reason, Duration spread) {
        return ClosingWave.over(loops, reason, spread);
    }

    /** Stops listening and cuts whatever is still open. */
    @Override
    public Future<Void> stop() {
        draining = true;
        List<Future<Void>> closed = new ArrayList<>();
        synchronized (servers) {
            servers.forEach(server -> closed.add(server.close()));
            servers.clear();
        }
        return Future.join(closed).transform(done -> {
            loops.forEach(loop -> loop.eventLoop.execute(loop.wheel::stop));
            TAKEN.removeAll(taken);
            taken.clear();
            return Future.succeededFuture();
        });
    }
}

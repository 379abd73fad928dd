package dev.muster.node.transport;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.StreamRoute;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's port for raw sockets. Connections are spread over the event loops in turn. */
public final class TcpListener implements Listener {

    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);
    private static final int BACKLOG = 1024;

    private final VertxInternal vertx;
    private final TransportScope scope;
    private final StreamRoute stream;
    private final Duration idle;
    private final ConnectionLimit limit;
    private final IdentityHashMap<EventExecutor, TransportLoop> loops = new IdentityHashMap<>();
    private final List<Channel> servers = new ArrayList<>();
    private volatile boolean draining;
    private volatile int port;

    /**
     * A listener that does not listen yet.
     *
     * @param options its host and port count, its limits and timeouts; nothing of it that is about HTTP
     * @param stream gets the connections
     * @param idle after so long without a byte a connection is closed; zero for never
     * @param limit asked for each connection
     * @param messages how much clients may send
     * @param listener told of each connection
     */
    public TcpListener(
            Vertx vertx,
            TransportOptions options,
            StreamRoute stream,
            Duration idle,
            ConnectionLimit limit,
            MessageLimit messages,
            ConnectionListener listener,
            ConnectionIds ids,
            TransportMetrics metrics) {
        this.vertx = (VertxInternal) vertx;
        this.scope = new TransportScope(options, metrics, ids, listener, messages);
        this.stream = stream;
        this.idle = idle;
        this.limit = limit;
        for (EventExecutor executor : this.vertx.eventLoopGroup()) {
            loops.put(executor, new TransportLoop((EventLoop) executor, scope));
        }
    }

    @Override
    public Future<TcpListener> listen() {
        loops.values().forEach(loop -> loop.eventLoop.execute(loop.wheel::start));
        return Loopback.bind(scope.options().host(), scope.options().port(), this::bind)
                .map(this)
                .recover(cause -> stop().transform(stopped -> Future.failedFuture(cause)));
    }

    private Future<Integer> bind(String host, int wanted) {
        ChannelFuture binding = new ServerBootstrap()
                .group(vertx.acceptorEventLoopGroup(), vertx.eventLoopGroup())
                .channelFactory(vertx.transport().serverChannelFactory(false))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(host, wanted);
        Promise<Integer> bound = Promise.promise();
        binding.addListener(done -> {
            if (done.isSuccess()) {
                port = ((InetSocketAddress) binding.channel().localAddress()).getPort();
                synchronized (servers) {
                    servers.add(binding.channel());
                }
                LOG.info("TCP server listening on {}:{}", host, port);
                bound.complete(port);
            } else {
                String why = String.valueOf(done.cause().getMessage());
                bound.fail(new ListenException(host, wanted, why));
            }
        });
        return bound.future();
    }

    private void accept(Channel channel) {
        TransportLoop loop = loops.get(channel.eventLoop());
        String address =
                ((InetSocketAddress) channel.remoteAddress()).getAddress().getHostAddress();
        if (draining || loop == null) {
            Hangup.now(channel);
        } else if (limit.retryAfterSeconds(address) > 0) {
            scope.metrics().refused(429, "limit");
            Hangup.now(channel);
        } else {
            channel.pipeline().addLast("tcp", new TcpConnection(loop, channel, address, stream, idle));
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void drain() {
        draining = true;
    }

    @Override
    public Future<Void> closeAll(CloseReason reason, Duration spread) {
        return ClosingWave.over(loops.values(), reason, spread);
    }

    @Override
    public Future<Void> stop() {
        draining = true;
        List<Future<Void>> closed = new ArrayList<>();
        synchronized (servers) {
            servers.forEach(server -> closed.add(closed(server)));
            servers.clear();
        }
        return Future.join(closed).transform(done -> closeAllNow());
    }

    private static Future<Void> closed(Channel server) {
        Promise<Void> promise = Promise.promise();
        server.close().addListener(done -> promise.complete());
        return promise.future();
    }

    /** Cuts what is left, and stops the clocks. */
    private Future<Void> closeAllNow() {
        List<Future<Void>> cut = new ArrayList<>();
        for (TransportLoop loop : loops.values()) {
            Promise<Void> promise = Promise.promise();
            loop.eventLoop.execute(() -> {
                loop.wheel.forEach(handler -> {
                    if (handler instanceof ChannelConnection connection) {
                        Hangup.now(connection.channel);
                    }
                });
                loop.wheel.stop();
                promise.complete();
            });
            cut.add(promise.future());
        }
        return Future.join(cut).mapEmpty();
    }
}

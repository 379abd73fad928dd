package dev.muster.node.transport;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Route;
import dev.muster.node.connection.SocketHandler;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/** A listener on a free port of its own Vert.x, with a socket on {@code /ws/{room}} and a plain {@code /health}. */
final class TestListener implements AutoCloseable {

    /** Sends back what it gets. */
    static final SocketHandler ECHO = new SocketHandler() {
        @Override
        public void onMessage(Connection connection, Message message) {
            if (message.isText()) {
                connection.sendText(message.text());
            } else {
                connection.sendBinary(message.payload());
            }
        }
    };

    final Vertx vertx;
    final HttpListener listener;
    final TransportMetrics metrics = new TransportMetrics();

    TestListener(TransportOptions options, SocketHandler handler) {
        this(
                options,
                RouteTable.builder()
                        .plain("/ws/stats")
                        .socket(new Route("/ws/chat/{room}", Authenticator.OPEN, handler))
                        .absent("/ws/chat")
                        .socket(new Route("/ws/{room}", Authenticator.OPEN, handler)));
    }

    TestListener(TransportOptions options, RouteTable.Builder routes) {
        this(options, routes, ConnectionLimit.NONE, ConnectionListener.NONE);
    }

    TestListener(
            TransportOptions options, RouteTable.Builder routes, ConnectionLimit limit, ConnectionListener watcher) {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(true));
        listener = new HttpListener(
                vertx,
                options.withPort(0),
                routes.build(),
                plain(),
                limit,
                MessageLimit.NONE,
                watcher,
                new ConnectionIds(System.nanoTime()),
                metrics);
        try {
            listener.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception failure) {
            vertx.close();
            throw new IllegalStateException(failure);
        }
    }

    static TestListener echo() {
        return new TestListener(TransportOptions.DEFAULT, ECHO);
    }

    private static Handler<HttpServerRequest> plain() {
        return request -> {
            if (request.path().equals("/health")) {
                request.body().onSuccess(body -> request.response().end("healthy" + body.length()));
            } else {
                HttpErrors.answer(request, 404, "not found", java.util.List.of());
            }
        };
    }

    int port() {
        return listener.port();
    }

    @Override
    public void close() {
        try {
            listener.stop().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}

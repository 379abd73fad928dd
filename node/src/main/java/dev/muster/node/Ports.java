package dev.muster.node;

import dev.muster.node.config.NodeOptions;
import dev.muster.node.connection.StreamRoute;
import dev.muster.node.transport.ConnectionIds;
import dev.muster.node.transport.ConnectionLimit;
import dev.muster.node.transport.ConnectionListener;
import dev.muster.node.transport.HttpListener;
import dev.muster.node.transport.MessageLimit;
import dev.muster.node.transport.RouteTable;
import dev.muster.node.transport.TcpListener;
import dev.muster.node.transport.TransportMetrics;
import dev.muster.node.transport.TransportOptions;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Makes the listeners of a node, which have all of this in common.
 *
 * @param limit asked for each connection
 * @param messages how much clients may send
 * @param arrivals told of each connection
 * @param ids one source for all, so that no two connections of any kind have the same
 */
record Ports(
        Vertx vertx,
        NodeOptions options,
        ConnectionLimit limit,
        MessageLimit messages,
        ConnectionListener arrivals,
        ConnectionIds ids,
        TransportMetrics metrics) {

    /** For HTTP and WebSockets. */
    HttpListener http(RouteTable routes, Handler<HttpServerRequest> plain) {
        return http(TransportSettings.of(options), routes, plain);
    }

    /** For raw sockets; null if there is no such port. */
    @Nullable
    TcpListener tcp(@Nullable StreamRoute stream) {
        OptionalInt port = options.packets().tcpPort();
        if (port.isEmpty() || stream == null) {
            return null;
        }
        return new TcpListener(
                vertx,
                TransportSettings.of(options).withPort(port.getAsInt()),
                stream,
                options.packets().tcpIdle(),
                limit,
                messages,
                arrivals,
                ids,
                metrics);
    }

    /** For WebSockets that speak on any path what raw sockets speak; null if there is no such port. */
    @Nullable
    HttpListener packets(@Nullable StreamRoute stream) {
        OptionalInt port = options.packets().webSocketPort();
        if (port.isEmpty() || stream == null) {
            return null;
        }
        RouteTable everywhere = RouteTable.builder().everywhere(stream.route()).build();
        TransportOptions settings = TransportSettings.of(options).withPort(port.getAsInt());
        // Every path is a WebSocket here, so nothing is left for plain requests.
        return http(
                settings,
                everywhere,
                request -> request.response().setStatusCode(404).end());
    }

    private HttpListener http(TransportOptions settings, RouteTable routes, Handler<HttpServerRequest> plain) {
        return new HttpListener(vertx, settings, routes, plain, limit, messages, arrivals, ids, metrics);
    }
}

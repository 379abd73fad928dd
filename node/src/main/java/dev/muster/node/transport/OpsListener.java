package dev.muster.node.transport;

import dev.muster.node.connection.Refusal;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port for plain requests of those who run the node. Nothing that a web page can send is taken: a page in the browser
 * of somebody who can reach this port must not be able to stop the node.
 */
public final class OpsListener {

    private static final Logger LOG = LoggerFactory.getLogger(OpsListener.class);
    private static final int IDLE_SECONDS = 60;
    private static final int MAX_HEADER_BYTES = 8 * 1024;

    private final HttpServer server;
    private final String host;
    private final int port;
    private final Handler<HttpServerRequest> requests;

    /**
     * @param host an address or a name; {@code localhost} is 127.0.0.1
     * @param port 0 for any that is free
     * @param requests answers them
     */
    public OpsListener(Vertx vertx, String host, int port, Handler<HttpServerRequest> requests) {
        this.host = host.equals("localhost") ? "127.0.0.1" : host;
        this.port = port;
        this.requests = requests;
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setIdleTimeout(IDLE_SECONDS)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS)
                        .setHttp2ClearTextEnabled(false)
                        .setMaxHeaderSize(MAX_HEADER_BYTES))
                .requestHandler(this::handle);
    }

    /** Binds. Fails with a sentence naming address and port if that is not possible. */
    public Future<Void> listen() {
        return server.listen(port, host)
                .onSuccess(bound -> LOG.info("Ops port listening on {}:{}", host, bound.actualPort()))
                .recover(cause ->
                        Future.failedFuture(new ListenException(host, port, String.valueOf(cause.getMessage()))))
                .mapEmpty();
    }

    /** The port that is really bound. */
    public int port() {
        return server.actualPort();
    }

    /** Stops. */
    public Future<Void> stop() {
        return server.close();
    }

    private void handle(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority == null || !isAddress(authority.host())) {
            // A name of somebody else's that leads here: DNS rebinding.
            HttpErrors.answer(request, new Refusal(421, "this port is called by its address or as localhost"));
        } else if (request.getHeader("Origin") != null && !request.method().equals(HttpMethod.GET)) {
            HttpErrors.answer(request, new Refusal(403, "web pages may not do this"));
        } else {
            requests.handle(request);
        }
    }

    private boolean isAddress(String called) {
        String bare =
                called.startsWith("[") && called.endsWith("]") ? called.substring(1, called.length() - 1) : called;
        return bare.equals("localhost")
                || bare.equals(host)
                || NetUtil.isValidIpV4Address(bare)
                || NetUtil.isValidIpV6Address(bare);
    }
}

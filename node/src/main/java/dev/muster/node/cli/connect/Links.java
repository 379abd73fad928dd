package dev.muster.node.cli.connect;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.nio.file.Path;

/** Opens connections as the options say. */
final class Links {

    private static final int CONNECT_TIMEOUT_MS = 10_000;
    /** What a node sends at most, with room for its JSON and base64. */
    private static final int MAX_BYTES = 32 << 20;

    private static final int ABNORMAL = 1006;

    private final ConnectOptions options;
    private final Wire wire;
    private final WebSocketClient sockets;
    private final NetClient streams;

    Links(Vertx vertx, ConnectOptions options, Wire wire) {
        this.options = options;
        this.wire = wire;
        WebSocketClientOptions webSocket = new WebSocketClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setMaxFrameSize(MAX_BYTES)
                .setMaxMessageSize(MAX_BYTES);
        Path trust = options.trust();
        if (trust != null) {
            webSocket.setTrustOptions(new PemTrustOptions().addCertPath(trust.toString()));
        }
        this.sockets = vertx.createWebSocketClient(webSocket);
        this.streams = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS));
    }

    Future<Link> open(Link.Events events) {
        return options.isTcp() ? stream(events) : webSocket(events);
    }

    private String host() {
        String host = options.url().getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    // ---- WebSocket

    private Future<Link> webSocket(Link.Events events) {
        WebSocketConnectOptions target = new WebSocketConnectOptions()
                .setHost(host())
                .setPort(options.port())
                .setSsl(options.isEncrypted())
                .setURI(target(options, wire));
        if (options.token() != null) {
            target.putHeader("Authorization", "Bearer " + options.token());
        }
        ClientWebSocket socket = sockets.webSocket();
        socket.textMessageHandler(text -> events.received(Frame.text(text)));
        socket.binaryMessageHandler(bytes -> events.received(new Frame(false, bytes)));
        socket.exceptionHandler(broken -> {});
        socket.closeHandler(closed -> {
            Short code = socket.closeStatusCode();
            String reason = socket.closeReason();
            events.closed(code == null ? ABNORMAL : code, reason == null ? "" : reason);
        });
        return socket.connect(target).map(open -> new Link() {
            @Override
            public Future<Void> send(Frame frame) {
                return frame.isText()
                        ? socket.writeTextMessage(frame.text())
                        : socket.writeBinaryMessage(frame.payload());
            }

            @Override
            public Future<Void> close() {
                return socket.close();
            }
        });
    }

    /** Path and query: what the URL says counts, the wire adds what is missing. */
    static String target(ConnectOptions options, Wire wire) {
        URI url = options.url();
        String path = url.getRawPath();
        StringBuilder target = new StringBuilder(path == null || path.length() < 2 ? wire.path(options.room()) : path);
        String said = url.getRawQuery() == null ? "" : url.getRawQuery();
        char separator = '?';
        if (!said.isEmpty()) {
            target.append(separator).append(said);
            separator = '&';
        }
        for (var parameter : wire.query().entrySet()) {
            if (!("&" + said).contains("&" + parameter.getKey() + "=")) {
                target.append(separator)
                        .append(parameter.getKey())
                        .append('=')
                        .append(Query.encoded(parameter.getValue()));
                separator = '&';
            }
        }
        return target.toString();
    }

    // ---- raw TCP

    private Future<Link> stream(Link.Events events) {
        return streams.connect(options.port(), host()).map(socket -> stream(socket, events));
    }

    private static Link stream(NetSocket socket, Link.Events events) {
        socket.handler(bytes -> events.received(new Frame(false, bytes)));
        socket.exceptionHandler(broken -> {});
        socket.closeHandler(closed -> events.closed(ABNORMAL, ""));
        return new Link() {
            @Override
            public Future<Void> send(Frame frame) {
                return socket.write(frame.payload());
            }

            @Override
            public Future<Void> close() {
                return socket.close();
            }
        };
    }
}

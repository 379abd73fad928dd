package dev.muster.node.transport;

import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import dev.muster.node.connection.Route;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a request for a WebSocket is granted: RFC 6455 §4.2.1, then where it goes, who it is, whether it may. */
final class Upgrade {

    private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    private static final int DRAIN_RETRY_SECONDS = 5;

    /** A granted upgrade. */
    record Admission(Route route, Handshake handshake, Identity identity, String accept) {}

    private final RouteTable routes;
    private final Origins origins;
    private final TrustedProxies proxies;
    private final ConnectionLimit limit;
    private final BooleanSupplier draining;

    Upgrade(TransportOptions options, RouteTable routes, ConnectionLimit limit, BooleanSupplier draining) {
        this.routes = routes;
        this.origins = options.origins();
        this.proxies = new TrustedProxies(options.trustedProxies());
        this.limit = limit;
        this.draining = draining;
    }

    /** Fails with a {@link Rejection} and nothing else. */
    Future<Admission> admit(RequestHead head, InetSocketAddress peer) {
        try {
            RouteTable.Entry entry = entry(head);
            Route route = entry.socket();
            String key = checkHandshake(head);
            TrustedProxies.Origin from = proxies.of(head, peer);
            checkOrigin(head, from);
            checkRoom(from.address());
            Handshake handshake = handshake(head, entry.pattern(), route, from.address());
            return route.authenticator()
                    .authenticate(handshake)
                    .recover(Upgrade::unauthenticated)
                    .map(identity -> new Admission(route, handshake, identity, accept(key)));
        } catch (Rejection rejection) {
            return Future.failedFuture(rejection);
        } catch (RuntimeException failure) {
            return Future.failedFuture(internal(failure));
        }
    }

    private RouteTable.Entry entry(RequestHead head) throws Rejection {
        if (!head.target().startsWith("/")) {
            throw Rejection.handshake("target", "must be a path");
        }
        RouteTable.@Nullable Entry entry = routes.find(head.path());
        if (entry == null || entry.kind() == RouteTable.Kind.ABSENT) {
            throw new Rejection("route", new Refusal(404, "not found"));
        }
        if (entry.route() == null) {
            throw new Rejection("route", Refusal.badRequest("path", "takes plain requests only, no websocket upgrade"));
        }
        return entry;
    }

    private static String checkHandshake(RequestHead head) throws Rejection {
        if (!head.method().equals("GET") || !head.isHttp11()) {
            throw Rejection.handshake("method", "a websocket upgrade is a GET with HTTP/1.1");
        }
        if (!head.lists("connection", "upgrade")) {
            throw Rejection.handshake("Connection", "must be Upgrade");
        }
        if (head.contentLength() != 0 || head.isChunked()) {
            throw Rejection.handshake("Content-Length", "a websocket upgrade has no body");
        }
        if (head.count("sec-websocket-version") != 1 || !"13".equals(head.header("sec-websocket-version"))) {
            Refusal refusal = new Refusal(426, "the websocket version must be 13");
            throw new Rejection("version", refusal, "Sec-WebSocket-Version: 13");
        }
        String key = head.header("sec-websocket-key");
        if (key == null || head.count("sec-websocket-key") != 1 || !isKey(key)) {
            throw Rejection.handshake("Sec-WebSocket-Key", "must be there once, 16 bytes in base64");
        }
        if (head.count("sec-websocket-protocol") > 0) {
            throw Rejection.handshake("Sec-WebSocket-Protocol", "no subprotocols are spoken here");
        }
        return key;
    }

    private static boolean isKey(String key) {
        try {
            return key.length() == 24 && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private void checkOrigin(RequestHead head, TrustedProxies.Origin from) throws Rejection {
        String origin = head.header("origin");
        if (origin == null) {
            return;
        }
        String host = from.host();
        if (head.count("origin") > 1 || host == null || !origins.accepts(origin, host, from.scheme())) {
            throw new Rejection(
                    "origin", new Refusal(403, "pages of this origin may not connect; --allow-origin lets them"));
        }
    }

    private void checkRoom(String address) throws Rejection {
        if (draining.getAsBoolean()) {
            throw new Rejection(
                    "draining", new Refusal(503, "this node is going down"), "Retry-After: " + DRAIN_RETRY_SECONDS);
        }
        long seconds = limit.retryAfterSeconds(address);
        if (seconds > 0) {
            throw new Rejection("limit", new Refusal(429, "too many connections"), "Retry-After: " + seconds);
        }
    }

    private static Handshake handshake(RequestHead head, PathPattern pattern, Route route, String address)
            throws Rejection {
        try {
            Map<String, String> parameters = pattern.parameters(head.path());
            Handshake handshake =
                    new Handshake(head.path(), parameters, query(head), head.header("authorization"), address);
            route.checks().forEach(check -> check.check(handshake));
            return handshake;
        } catch (Refusal refusal) {
            throw new Rejection("parameters", refusal);
        }
    }

    private static Map<String, String> query(RequestHead head) {
        try {
            return PercentDecoding.query(head.query());
        } catch (IllegalArgumentException undecodable) {
            throw Refusal.badRequest("query", String.valueOf(undecodable.getMessage()));
        }
    }

    private static Future<Identity> unauthenticated(Throwable failure) {
        return Future.failedFuture(
                failure instanceof Refusal refusal ? new Rejection("identity", refusal) : internal(failure));
    }

    private static Rejection internal(Throwable failure) {
        LOG.error("An upgrade could not be decided and is refused with 500", failure);
        return new Rejection("internal", new Refusal(500, "internal error"));
    }

    /** RFC 6455 §4.2.2: proves that the server understood the request. */
    static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            byte[] digest = sha1.digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-1", impossible);
        }
    }
}

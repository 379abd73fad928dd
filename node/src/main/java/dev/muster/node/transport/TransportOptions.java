package dev.muster.node.transport;

import java.time.Duration;
import java.util.List;

/**
 * Where the node listens, and for whom.
 *
 * @param host the address to bind; {@code localhost} binds 127.0.0.1 and, where the machine has it, ::1
 * @param port 1 to 65535, or 0 for any that is free
 * @param origins which pages may connect
 * @param trustedProxies addresses or networks ({@code 10.0.0.0/8}) whose {@code X-Forwarded-} headers count
 */
public record TransportOptions(
        String host,
        int port,
        Origins origins,
        List<String> trustedProxies,
        SocketLimits limits,
        SocketTimeouts timeouts,
        HttpLimits http) {

    /** Loopback, port 8080, pages of the same host and port only, nobody trusted. */
    public static final TransportOptions DEFAULT = new TransportOptions(
            "localhost",
            8080,
            Origins.SAME_HOST,
            List.of(),
            SocketLimits.DEFAULT,
            SocketTimeouts.DEFAULT,
            HttpLimits.DEFAULT);

    private static final Duration LONGEST_TICK = Duration.ofMillis(500);
    private static final Duration SHORTEST_TICK = Duration.ofMillis(5);

    public TransportOptions {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is 0 to 65535, but is " + port);
        }
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** The same on another port. */
    public TransportOptions withPort(int port) {
        return new TransportOptions(host, port, origins, trustedProxies, limits, timeouts, http);
    }

    /** The same on another host. */
    public TransportOptions withHost(String host) {
        return new TransportOptions(host, port, origins, trustedProxies, limits, timeouts, http);
    }

    /** The same for other pages. */
    public TransportOptions withOrigins(Origins origins) {
        return new TransportOptions(host, port, origins, trustedProxies, limits, timeouts, http);
    }

    /** The same behind proxies. */
    public TransportOptions withTrustedProxies(List<String> trustedProxies) {
        return new TransportOptions(host, port, origins, trustedProxies, limits, timeouts, http);
    }

    /** The same with other limits. */
    public TransportOptions withLimits(SocketLimits limits) {
        return new TransportOptions(host, port, origins, trustedProxies, limits, timeouts, http);
    }

    /** The same with other timeouts. */
    public TransportOptions withTimeouts(SocketTimeouts timeouts) {
        return new TransportOptions(host, port, origins, trustedProxies, limits, timeouts, http);
    }

    /** The same with other limits of requests. */
    public TransportOptions withHttp(HttpLimits http) {
        return new TransportOptions(host, port, origins, trustedProxies, limits, timeouts, http);
    }

    /** How exactly times are kept. */
    Duration tick() {
        Duration shortest = LONGEST_TICK.multipliedBy(8);
        for (Duration each : List.of(
                timeouts.ping(),
                timeouts.idle(),
                timeouts.message(),
                timeouts.close(),
                http.headerTimeout(),
                http.idleTimeout())) {
            shortest = each.compareTo(shortest) < 0 ? each : shortest;
        }
        Duration tick = shortest.dividedBy(8);
        return tick.compareTo(SHORTEST_TICK) < 0 ? SHORTEST_TICK : tick;
    }
}

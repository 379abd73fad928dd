package dev.muster.node.transport;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may connect. A browser says with {@code Origin} where a page comes from; other clients say nothing, and are
 * none of its business.
 *
 * @param allowed further origins, {@code https://chat.example.com} or with a port; compared as a whole
 * @param anyLoopback whether pages from the client's own machine may connect too, whatever their port
 */
public record Origins(Set<String> allowed, boolean anyLoopback) {

    /** Only pages of the host and port that is connected to. */
    public static final Origins SAME_HOST = new Origins(Set.of(), false);

    /** Also pages of any port of the client's own machine: for development. */
    public static final Origins LOOPBACK = new Origins(Set.of(), true);

    private static final Set<String> LOOPBACK_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

    public Origins {
        allowed = allowed.stream().map(Origins::normal).collect(Collectors.toUnmodifiableSet());
    }

    /** Further origins beside those of the same host. */
    public Origins(List<String> allowed, boolean anyLoopback) {
        this(Set.copyOf(allowed), anyLoopback);
    }

    private static String normal(String origin) {
        Parsed parsed = Parsed.of(origin);
        if (parsed == null) {
            throw new IllegalArgumentException(
                    "an allowed origin is scheme://host or scheme://host:port, but is \"" + origin + "\"");
        }
        return parsed.toString();
    }

    /**
     * Whether a page may connect.
     *
     * @param origin the header as sent
     * @param host the {@code Host} header, or what a trusted proxy says it was
     * @param scheme {@code http} or {@code https} where it is known for sure, else null
     */
    boolean accepts(String origin, String host, @Nullable String scheme) {
        Parsed page = Parsed.of(origin);
        if (page == null) {
            return false;
        }
        if (allowed.contains(page.toString()) || (anyLoopback && LOOPBACK_HOSTS.contains(page.host))) {
            return true;
        }
        if (scheme != null && !scheme.equals(page.scheme)) {
            return false;
        }
        // Without a port in it, Host means the usual one of the scheme, which only the page knows.
        Parsed here = Parsed.of(page.scheme + "://" + host);
        return here != null && here.equals(page);
    }

    /** Scheme, host and port, in lower case and with the port that the scheme implies. */
    private record Parsed(String scheme, String host, int port) {

        static @Nullable Parsed of(String origin) {
            String lower = origin.toLowerCase(Locale.ROOT);
            int at = lower.indexOf("://");
            if (at < 0) {
                return null;
            }
            String scheme = lower.substring(0, at);
            if (!scheme.equals("http") && !scheme.equals("https")) {
                return null;
            }
            String authority = lower.substring(at + 3);
            int colon = authority.lastIndexOf(':');
            boolean hasPort = colon > authority.lastIndexOf(']');
            String host = hasPort ? authority.substring(0, colon) : authority;
            int port = hasPort ? port(authority.substring(colon + 1)) : scheme.equals("http") ? 80 : 443;
            return port < 0 || !isHost(host) ? null : new Parsed(scheme, host, port);
        }

        private static int port(String digits) {
            if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return -1;
            }
            int port = Integer.parseInt(digits);
            return port <= 65_535 ? port : -1;
        }

        private static boolean isHost(String host) {
            return !host.isEmpty()
                    && host.chars()
                            .allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || ".-_[]:".indexOf(c) >= 0);
        }

        @Override
        public String toString() {
            return scheme + "://" + host + ":" + port;
        }
    }
}

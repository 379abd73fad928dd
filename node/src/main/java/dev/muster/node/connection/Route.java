package dev.muster.node.connection;

import java.util.List;
import java.util.Objects;

/**
 * Which handler serves the upgrades of which paths.
 *
 * @param pattern a path whose segments are literal or a parameter: {@code /ws/chat/{room}}. Matched on the raw path,
 *     segment by segment; parameters are percent-decoded afterwards, so {@code %2F} belongs to a parameter
 * @param authenticator decides who comes in
 * @param handler gets the connections
 * @param checks look at the decoded parameters and query before anybody is let in; each throws a {@link Refusal}
 * @param protocol what is spoken there, in a word: connections are counted by it. {@link #CUSTOM} unless said
 * @param maxMessageBytes what a message may have, if that differs from the listener's limit; 0 if not
 */
public record Route(
        String pattern,
        Authenticator authenticator,
        SocketHandler handler,
        List<Check> checks,
        String protocol,
        int maxMessageBytes) {

    /** The protocol of routes that are none of the node's own. */
    public static final String CUSTOM = "custom";

    /** A check of parameters and query. */
    @FunctionalInterface
    public interface Check {
        /**
         * @throws Refusal if something is not as it should be
         */
        void check(Handshake handshake);
    }

    public Route {
        Objects.requireNonNull(authenticator, "authenticator");
        Objects.requireNonNull(handler, "handler");
        checks = List.copyOf(checks);
        if (!pattern.startsWith("/")) {
            throw new IllegalArgumentException("a route's pattern starts with /, but is \"" + pattern + "\"");
        }
    }

    /** A route whose protocol has no name. */
    public Route(String pattern, Authenticator authenticator, SocketHandler handler, List<Check> checks) {
        this(pattern, authenticator, handler, checks, CUSTOM, 0);
    }

    /** A route without checks. */
    public Route(String pattern, Authenticator authenticator, SocketHandler handler) {
        this(pattern, authenticator, handler, List.of());
    }

    /** The same route, counted as {@code protocol}. */
    public Route speaking(String protocol) {
        return new Route(pattern, authenticator, handler, checks, protocol, maxMessageBytes);
    }

    /** The same route with a limit of its own for messages. */
    public Route withMaxMessage(int bytes) {
        return new Route(pattern, authenticator, handler, checks, protocol, bytes);
    }
}

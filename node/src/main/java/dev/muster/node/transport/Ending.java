package dev.muster.node.transport;

import dev.muster.node.connection.CloseReason;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a connection ended, as it is counted: who closed it, the close code, and a word for it. There are few different
 * ones, whatever codes clients make up.
 *
 * @param by who closed it
 * @param code the first close code that either side gave; {@code other} for one that a client made up
 * @param reason a word for the code
 */
public record Ending(By by, String code, String reason) implements Comparable<Ending> {

    /** Who closed a connection first. */
    public enum By {
        /** This node. */
        SERVER,
        /** The client, in order. */
        CLIENT,
        /** Nobody: it was cut. */
        LOST;

        /** In lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String OTHER = "other";

    private static final Comparator<Ending> ORDER =
            Comparator.comparing(Ending::by).thenComparing(Ending::code).thenComparing(Ending::reason);

    /** The project's own: the text of each is a word. */
    private static final Map<Integer, String> OWN = Stream.of(
                    CloseReason.DRAIN,
                    CloseReason.SLOW,
                    CloseReason.INSUFFICIENT_STATE,
                    CloseReason.NO_PONG,
                    CloseReason.REGISTRY_UNAVAILABLE,
                    CloseReason.INTERNAL,
                    CloseReason.FENCED,
                    CloseReason.TOO_MANY_REQUESTS,
                    CloseReason.TOKEN_EXPIRED,
                    CloseReason.BAD_REQUEST,
                    CloseReason.UNAUTHORIZED,
                    CloseReason.FORBIDDEN,
                    CloseReason.REPLACED,
                    CloseReason.REVOKED,
                    CloseReason.STALE_NO_AUTH,
                    CloseReason.UNSUPPORTED_VERSION)
            .collect(Collectors.toUnmodifiableMap(CloseReason::code, CloseReason::text));

    /** This node closed with {@code code}. */
    static Ending byServer(int code) {
        return new Ending(By.SERVER, Integer.toString(code), OWN.getOrDefault(code, registered(code)));
    }

    /** The client closed with {@code code}, 1005 if it gave none. */
    static Ending byClient(int code) {
        String word = registered(code);
        return new Ending(By.CLIENT, word.equals(OTHER) ? OTHER : Integer.toString(code), word);
    }

    /** The connection was cut. */
    static Ending lost() {
        return new Ending(By.LOST, "1006", "lost");
    }

    /** RFC 6455 §7.4.1. */
    private static String registered(int code) {
        return switch (code) {
            case 1000 -> "normal";
            case 1001 -> "going_away";
            case 1002 -> "protocol_error";
            case 1003 -> "unsupported";
            case 1005 -> "no_code";
            case 1007 -> "invalid_utf8";
            case 1009 -> "too_big";
            case 1011 -> "internal";
            default -> OTHER;
        };
    }

    @Override
    public int compareTo(Ending other) {
        return ORDER.compare(this, other);
    }
}

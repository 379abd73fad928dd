package dev.muster.registry.redis;

import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import java.util.Locale;

/** What the server and the client report, in the registry's terms. */
final class Failures {

    /** How the scripts refuse a node that does not know the data's generation. */
    static final String STALE = "STALE";

    /** How the scripts refuse a node whose lease has ended. */
    static final String FENCED = "FENCED";

    private Failures() {}

    /** Whether {@code cause} is an error reply that begins with {@code code}. */
    static boolean is(Throwable cause, String code) {
        String message = cause.getMessage();
        return message != null
                && message.startsWith(code)
                && (message.length() == code.length() || message.charAt(code.length()) == ' ');
    }

    /**
     * The failure of a command.
     *
     * @param changes whether the command changes anything: if its reply got lost the outcome is then unknown
     */
    static RegistryException of(Throwable cause, boolean changes) {
        if (cause instanceof RegistryException known) {
            return known;
        }
        String message = String.valueOf(cause.getMessage());
        int space = message.indexOf(' ');
        String code = space < 0 ? message : message.substring(0, space);
        return switch (code.toUpperCase(Locale.ROOT)) {
            case STALE, FENCED -> unavailable("this node is being registered again", cause);
            case "OOM" -> new RegistryException(Reason.FULL, "Redis is full: its maxmemory is reached", cause);
            case "READONLY" -> new RegistryException(Reason.FULL, "Redis is a read-only replica", cause);
            case "MISCONF" ->
                new RegistryException(Reason.FULL, "Redis accepts no writes because it cannot save to disk", cause);
            case "NOREPLICAS", "LOADING", "MASTERDOWN", "BUSY", "CLUSTERDOWN", "TRYAGAIN", "NOSCRIPT", "UNKILLABLE" ->
                unavailable("Redis cannot serve now: " + message, cause);
            case "WRONGPASS", "NOAUTH", "NOPERM" ->
                new RegistryException(Reason.REJECTED, "Redis refuses access: " + message, cause);
            case "WRONGTYPE", "ERR" -> new RegistryException(Reason.REJECTED, "Redis refuses: " + message, cause);
            default ->
                changes
                        ? new RegistryException(
                                Reason.TIMEOUT, "the connection to Redis broke before the answer came", cause)
                        : unavailable("the connection to Redis broke", cause);
        };
    }

    static RegistryException unavailable(String message, Throwable cause) {
        return new RegistryException(Reason.UNAVAILABLE, message, cause);
    }

    static RegistryException unavailable(String message) {
        return new RegistryException(Reason.UNAVAILABLE, message);
    }
}

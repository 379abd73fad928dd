package dev.muster.node.connection;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Why a socket is closed, and whether the client should come back: codes from 4000 to 4499 say yes, later or to
 * another node; 4500 to 4999 say no. Codes below 4000 are those of RFC 6455 §7.4.1.
 *
 * @param code as in a WebSocket close frame: 1000 to 1014 but for the reserved 1004 to 1006, or 3000 to 4999
 * @param text for people and logs, cut to the 123 bytes of UTF-8 that a close frame takes
 */
public record CloseReason(int code, String text) {

    /** RFC 6455 §5.5: a control frame carries 125 bytes, two of which are the code. */
    public static final int MAX_TEXT_BYTES = 123;

    public static final CloseReason NORMAL = new CloseReason(1000, "");
    public static final CloseReason PROTOCOL_ERROR = new CloseReason(1002, "protocol error");
    public static final CloseReason UNSUPPORTED = new CloseReason(1003, "unsupported kind of frame");
    public static final CloseReason INVALID_UTF8 = new CloseReason(1007, "text is not UTF-8");
    public static final CloseReason TOO_BIG = new CloseReason(1009, "message too big");

    public static final CloseReason DRAIN = new CloseReason(4001, "drain");
    public static final CloseReason SLOW = new CloseReason(4002, "slow");
    public static final CloseReason INSUFFICIENT_STATE = new CloseReason(4003, "insufficient_state");
    public static final CloseReason NO_PONG = new CloseReason(4004, "no_pong");
    public static final CloseReason REGISTRY_UNAVAILABLE = new CloseReason(4005, "registry_unavailable");
    public static final CloseReason INTERNAL = new CloseReason(4006, "internal");
    public static final CloseReason FENCED = new CloseReason(4007, "fenced");
    public static final CloseReason TOO_MANY_REQUESTS = new CloseReason(4008, "too_many_requests");
    public static final CloseReason TOKEN_EXPIRED = new CloseReason(4009, "token_expired");
    public static final CloseReason BAD_REQUEST = new CloseReason(4500, "bad_request");
    public static final CloseReason UNAUTHORIZED = new CloseReason(4501, "unauthorized");
    public static final CloseReason FORBIDDEN = new CloseReason(4503, "forbidden");
    public static final CloseReason REPLACED = new CloseReason(4504, "replaced");
    public static final CloseReason REVOKED = new CloseReason(4505, "revoked");
    public static final CloseReason STALE_NO_AUTH = new CloseReason(4506, "stale_no_auth");
    public static final CloseReason UNSUPPORTED_VERSION = new CloseReason(4507, "unsupported_version");

    public CloseReason {
        Objects.requireNonNull(text, "text");
        if (!isSendable(code)) {
            throw new IllegalArgumentException(
                    "a close code is 1000 to 1003, 1007 to 1014 or 3000 to 4999, but is " + code);
        }
        text = cut(text);
    }

    /** Whether {@code code} may stand in a close frame, RFC 6455 §7.4. */
    public static boolean isSendable(int code) {
        boolean registered = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
        return registered || (code >= 3000 && code <= 4999);
    }

    /** The same code with another text. */
    public CloseReason saying(String text) {
        return new CloseReason(code, text);
    }

    private static String cut(String text) {
        int end = text.length();
        while (text.substring(0, end).getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES) {
            // Never in the middle of a code point: half of one is not UTF-8, and the client would fail the close.
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end);
    }

    /** {@code code text}. */
    @Override
    public String toString() {
        return text.isEmpty() ? Integer.toString(code) : code + " " + text;
    }
}

package dev.muster.registry;

import io.vertx.core.buffer.Buffer;
import java.util.Objects;

/**
 * What names and payloads a registry accepts. Every implementation checks with these methods, on the caller's thread,
 * so that a programmer's error throws the same {@link IllegalArgumentException} everywhere (R10, R18).
 */
public final class Limits {

    /** Longest group name, in bytes of UTF-8. */
    public static final int MAX_GROUP_BYTES = 255;

    /** Longest connection id, in characters. The node's own ids have at most 26. */
    public static final int MAX_CONNECTION_ID = 64;

    /** Longest user or client id, in characters. */
    public static final int MAX_USER_ID = 128;

    /** Largest encoded {@link ConnectionRecord}, in bytes. */
    public static final int MAX_RECORD_BYTES = 1024;

    /** Longest message id, in characters. */
    public static final int MAX_MESSAGE_ID = 256;

    /** Longest key of an entry, in bytes of UTF-8. */
    public static final int MAX_KEY_BYTES = 512;

    /** All headers of a draft together, in bytes of UTF-8. */
    public static final int MAX_HEADER_BYTES = 4096;

    private Limits() {}

    /** Returns {@code group} if it is 1 to 255 bytes of well-formed text. Any character is legal, control characters too. */
    public static String group(String group) {
        return text("group", group, MAX_GROUP_BYTES);
    }

    /** Returns {@code id} if it is 1 to 64 characters of {@code [A-Za-z0-9_-]}. */
    public static String connectionId(String id) {
        Objects.requireNonNull(id, "connectionId");
        if (id.isEmpty() || id.length() > MAX_CONNECTION_ID) {
            throw new IllegalArgumentException(
                    "connectionId must have 1 to " + MAX_CONNECTION_ID + " characters, but has " + id.length());
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letterOrDigit && c != '_' && c != '-') {
                throw new IllegalArgumentException(
                        "connectionId may hold A-Z a-z 0-9 _ -, but is \"" + shown(id) + "\"");
            }
        }
        return id;
    }

    /** Returns {@code key} if it is 1 to 512 bytes of well-formed text. */
    public static String key(String key) {
        return text("key", key, MAX_KEY_BYTES);
    }

    /** Returns {@code payload} if it has at most {@code maximum} bytes; empty is fine. */
    public static Buffer payload(Buffer payload, int maximum) {
        Objects.requireNonNull(payload, "payload");
        if (payload.length() > maximum) {
            throw new IllegalArgumentException(
                    "payload must have at most " + maximum + " bytes, but has " + payload.length());
        }
        return payload;
    }

    /**
     * Bytes of {@code text} in UTF-8.
     *
     * @throws IllegalArgumentException if it holds half of a surrogate pair: two such names would become one in UTF-8
     */
    static int utf8Length(String what, String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                throw new IllegalArgumentException(what + " holds half of a surrogate pair: \"" + shown(text) + "\"");
            }
        }
        return bytes;
    }

    private static String text(String what, String text, int maximum) {
        Objects.requireNonNull(text, what);
        int bytes = utf8Length(what, text);
        if (bytes == 0 || bytes > maximum) {
            throw new IllegalArgumentException(
                    what + " must have 1 to " + maximum + " bytes of UTF-8, but has " + bytes);
        }
        return text;
    }

    /** {@code text} as an error message or a log line may show it: at most 80 characters, control characters escaped. */
    public static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < 80; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return text.length() > 80 ? shown.append('…').toString() : shown.toString();
    }
}

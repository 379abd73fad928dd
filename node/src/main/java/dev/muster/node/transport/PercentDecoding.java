package dev.muster.node.transport;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Percent-decoding, RFC 3986 §2.1, that refuses what it does not understand: a broken escape, bytes that are not UTF-8
 * and NUL, which no name has and which some other program may take for the end.
 */
final class PercentDecoding {

    private PercentDecoding() {}

    /**
     * One segment of a path.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    static String segment(String raw) {
        return decode(raw, false);
    }

    /**
     * The parameters of a query that have a value; the first of each name.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    static Map<String, String> query(String raw) {
        if (raw.isEmpty()) {
            return Map.of();
        }
        Map<String, String> parameters = new HashMap<>();
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && equals < pair.length() - 1) {
                parameters.putIfAbsent(
                        decode(pair.substring(0, equals), true), decode(pair.substring(equals + 1), true));
            }
        }
        return parameters;
    }

    private static String decode(String raw, boolean plusIsSpace) {
        int length = raw.length();
        byte[] bytes = new byte[length];
        int size = 0;
        for (int i = 0; i < length; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes[size++] = escaped(raw, i);
                i += 2;
            } else {
                // One char is one byte: the request line was read as ISO 8859-1.
                bytes[size++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, size))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new IllegalArgumentException("must be UTF-8, percent-encoded", notUtf8);
        }
    }

    private static byte escaped(String raw, int at) {
        int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
        int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException("after % there must be two hexadecimal digits");
        }
        if (high + low == 0) {
            throw new IllegalArgumentException("must not contain NUL");
        }
        return (byte) (high << 4 | low);
    }
}

package dev.muster.node.transport;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Request line and headers, read strictly by RFC 9112: what another parser might read differently is refused, not
 * guessed. Texts are ISO 8859-1, one char for each byte.
 */
final class RequestHead {

    /** A head that is not what it should be, and how the request is answered. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        final int status;

        Malformed(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }

        String allowed() {
            return String.valueOf(getMessage());
        }
    }

    private static final int MAX_HEADERS = 100;
    private static final String TOKEN_CHARS = "!#$%&'*+-.^_`|~";

    private final String method;
    private final String target;
    private final boolean http11;
    /** Names in lower case, each followed by its value. */
    private final List<String> headers = new ArrayList<>(32);

    /**
     * @param lines the head up to and with the empty line that ends it
     */
    RequestHead(byte[] lines) throws Malformed {
        String text = new String(lines, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n");
        String[] line = text.substring(0, end).split(" ", -1);
        if (line.length != 3 || !isToken(line[0]) || line[1].isEmpty() || hasControls(line[1])) {
            throw new Malformed(400, "the request line must be a method, a target and HTTP/1.1");
        }
        method = line[0];
        target = line[1];
        http11 = line[2].equals("HTTP/1.1");
        if (!http11 && !line[2].equals("HTTP/1.0")) {
            throw new Malformed(line[2].startsWith("HTTP/") ? 505 : 400, "the version must be HTTP/1.1");
        }
        int at = end + 2;
        while (at < text.length() - 2) {
            int next = text.indexOf("\r\n", at);
            addHeader(text.substring(at, next));
            at = next + 2;
        }
        checkFraming();
    }

    private void addHeader(String line) throws Malformed {
        int colon = line.indexOf(':');
        if (colon < 1 || !isToken(line.substring(0, colon))) {
            throw new Malformed(400, "a header must be a name, a colon and a value on one line");
        }
        String value = line.substring(colon + 1).strip();
        if (hasControls(value)) {
            throw new Malformed(400, "a header must not contain control characters");
        }
        headers.add(line.substring(0, colon).toLowerCase(Locale.ROOT));
        headers.add(value);
        if (headers.size() > 2 * MAX_HEADERS) {
            throw new Malformed(431, "at most " + MAX_HEADERS + " headers are taken");
        }
    }

    private void checkFraming() throws Malformed {
        int hosts = count("host");
        if (hosts > 1 || (http11 && hosts == 0)) {
            throw new Malformed(400, "there must be one Host header");
        }
        int lengths = count("content-length");
        String encoding = header("transfer-encoding");
        if (lengths > 1 || (lengths == 1 && (encoding != null || contentLength() < 0))) {
            throw new Malformed(400, "there must be one Content-Length, a number, or Transfer-Encoding");
        }
        if (encoding != null && (!http11 || !encoding.equalsIgnoreCase("chunked") || count("transfer-encoding") > 1)) {
            throw new Malformed(400, "the only Transfer-Encoding is chunked, with HTTP/1.1");
        }
    }

    String method() {
        return method;
    }

    /** The target as sent. */
    String target() {
        return target;
    }

    /** The target up to its query. */
    String path() {
        return PathPattern.withoutQuery(target);
    }

    /** What follows the question mark; empty if there is none. */
    String query() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    boolean isHttp11() {
        return http11;
    }

    /** The first value of a header. */
    @Nullable
    String header(String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equals(name)) {
                return headers.get(i + 1);
            }
        }
        return null;
    }

    /** How often a header is there. */
    int count(String name) {
        int count = 0;
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equals(name)) {
                count++;
            }
        }
        return count;
    }

    /** Whether {@code word} is in the comma-separated list that a header is. */
    boolean lists(String name, String word) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equals(name)) {
                for (String each : headers.get(i + 1).split(",", -1)) {
                    if (each.strip().equalsIgnoreCase(word)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Whether the client wants a WebSocket, rightly or wrongly. */
    boolean asksForWebSocket() {
        return lists("upgrade", "websocket");
    }

    boolean isChunked() {
        return header("transfer-encoding") != null;
    }

    /** Bytes of the body that follows, 0 for none, -1 if the header is no number. */
    long contentLength() {
        String value = header("content-length");
        if (value == null) {
            return 0;
        }
        if (value.isEmpty() || value.length() > 18 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(value);
    }

    static boolean isTokenChar(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || TOKEN_CHARS.indexOf(c) >= 0;
    }

    private static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(RequestHead::isTokenChar);
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7F);
    }
}

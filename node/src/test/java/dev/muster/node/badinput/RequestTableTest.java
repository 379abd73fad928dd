package dev.muster.node.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.node.transport.RawSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests and upgrades that a node refuses: the status, the form of the answer, and the counter. */
class RequestTableTest {

    @RegisterExtension
    static final Target TARGET =
            new Target("requests and handshakes", node -> node.option("allow-origin", "https://app.example.com"));

    /**
     * @param counted the word that the refusal of an upgrade is counted by; empty for the answer to a plain request
     * @param says a part of the answer
     */
    private record Row(String name, byte[] request, int status, String counted, String says) {
        @Override
        public String toString() {
            return name + " → " + status;
        }
    }

    private static final List<Row> ROWS = new ArrayList<>();

    private static void upgrade(String name, String request, int status, String counted, String says) {
        ROWS.add(new Row(name, request.getBytes(StandardCharsets.ISO_8859_1), status, counted, says));
    }

    private static void plain(String name, String request, int status, String says) {
        upgrade(name, request, status, "", says);
    }

    private static String without(String header) {
        return RawSocket.upgrade("/ws/lobby").replaceAll("(?m)^" + header + ":.*\r\n", "");
    }

    private static String with(String header, String value) {
        return without(header).replace("\r\n\r\n", "\r\n" + header + ": " + value + "\r\n\r\n");
    }

    private static String request(String method, String target, String... headers) {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + more + "\r\n";
    }

    static {
        handshakes();
        origins();
        lines();
        names();
        tokens();
        methods();
        bodies();
        paths();
    }

    private static void handshakes() {
        String good = RawSocket.upgrade("/ws/lobby");
        upgrade("no version", without("Sec-WebSocket-Version"), 426, "version", "Sec-WebSocket-Version: 13");
        upgrade("version 8", with("Sec-WebSocket-Version", "8"), 426, "version", "Sec-WebSocket-Version: 13");
        upgrade("version 13.0", with("Sec-WebSocket-Version", "13.0"), 426, "version", "13");
        upgrade("two versions", with("Sec-WebSocket-Version", "8, 13"), 426, "version", "13");
        upgrade("no key", without("Sec-WebSocket-Key"), 400, "handshake", "Sec-WebSocket-Key");
        upgrade("empty key", with("Sec-WebSocket-Key", ""), 400, "handshake", "16 bytes");
        upgrade("short key", with("Sec-WebSocket-Key", "c2hvcnQ="), 400, "handshake", "16 bytes");
        upgrade("long key", with("Sec-WebSocket-Key", "x".repeat(2000)), 400, "handshake", "16 bytes");
        upgrade("key not base64", with("Sec-WebSocket-Key", "!!!!!!!!!!!!!!!!!!!!!!=="), 400, "handshake", "base64");
        upgrade(
                "two keys",
                with("Sec-WebSocket-Key", RawSocket.KEY + "\r\nSec-WebSocket-Key: " + RawSocket.KEY),
                400,
                "handshake",
                "once");
        upgrade("no Connection: Upgrade", without("Connection"), 400, "handshake", "Connection");
        upgrade("Connection: close", with("Connection", "close"), 400, "handshake", "Connection");
        upgrade("POST", good.replace("GET ", "POST "), 400, "handshake", "GET");
        upgrade("lower-case get", good.replace("GET ", "get "), 400, "handshake", "GET");
        upgrade("HTTP/1.0", good.replace("HTTP/1.1", "HTTP/1.0"), 400, "handshake", "HTTP/1.1");
        upgrade("with a body", with("Content-Length", "3"), 400, "handshake", "no body");
        upgrade("with chunks", with("Transfer-Encoding", "chunked"), 400, "handshake", "no body");
        upgrade("only an unknown subprotocol", with("Sec-WebSocket-Protocol", "mqtt"), 400, "handshake", "subprotocol");
        upgrade("absolute target", good.replace("GET /ws", "GET http://localhost/ws"), 400, "handshake", "path");
        upgrade("upgrade of stats", good.replace("/ws/lobby", "/ws/stats"), 400, "route", "no websocket");
        upgrade("upgrade of a room's stats", good.replace("/ws/lobby", "/ws/lobby/stats"), 400, "route", "plain");
        upgrade("upgrade of /health", good.replace("/ws/lobby", "/health"), 404, "route", "not found");
        upgrade("upgrade of nothing", good.replace("/ws/lobby", "/a/b/c/d"), 404, "route", "not found");
        upgrade("chat without a room", good.replace("/ws/lobby", "/ws/chat"), 404, "route", "not found");
        upgrade("300 segments", good.replace("/ws/lobby", "/ws" + "/a".repeat(300)), 404, "route", "not found");
        upgrade("two slashes", good.replace("/ws/lobby", "//ws/lobby"), 404, "route", "not found");
        upgrade("a slash more", good.replace("/ws/lobby", "/ws/lobby/"), 404, "route", "not found");
        upgrade("upper-case path", good.replace("/ws/lobby", "/WS/lobby"), 404, "route", "not found");
    }

    private static void origins() {
        for (String origin : new String[] {
            "https://evil.example",
            "null",
            "",
            "*",
            "https://app.example.com.evil.io",
            "https://evil-app.example.com",
            "https://app.example.com:8443",
            "http://app.example.com",
            "https://app.example.com/",
            "https://user@app.example.com",
            "https://localhost.evil.io",
            "https://127.0.0.1.evil.io",
            "file://",
            "javascript:alert(1)",
            "https://app.example.com, https://evil.example",
            "https://app.example.com\r\nOrigin: https://app.example.com"
        }) {
            upgrade("origin " + origin, with("Origin", origin), 403, "origin", "--allow-origin");
        }
    }

    private static void lines() {
        String good = RawSocket.upgrade("/ws/lobby");
        upgrade("no Host", without("Host"), 400, "malformed", "Host");
        upgrade("two Hosts", with("Host", "a\r\nHost: b"), 400, "malformed", "Host");
        upgrade("HTTP/2.0", good.replace("HTTP/1.1", "HTTP/2.0"), 505, "malformed", "HTTP/1.1");
        upgrade("no version of HTTP", good.replace(" HTTP/1.1", ""), 400, "malformed", "request line");
        upgrade("two blanks", good.replace("GET ", "GET  "), 400, "malformed", "request line");
        upgrade("a tab for a blank", good.replace("GET ", "GET\t"), 400, "malformed", "request line");
        upgrade("header without colon", with("Host", "localhost\r\nrubbish"), 400, "malformed", "colon");
        upgrade("header without name", with("Host", "localhost\r\n: a"), 400, "malformed", "name");
        upgrade("folded header", with("X-Folded", "a\r\n b"), 400, "malformed", "one line");
        upgrade("blank before the colon", with("X-Blank ", "a"), 400, "malformed", "colon");
        upgrade("control character", with("X-Control", "a\u0001b"), 400, "malformed", "control");
        upgrade("NUL in a header", with("X-Nul", "a\u0000b"), 400, "malformed", "control");
        upgrade("NUL in the target", good.replace("lobby", "lob\u0000by"), 400, "malformed", "request line");
        upgrade("length and chunks", with("Content-Length", "3\r\nTransfer-Encoding: chunked"), 400, "malformed", "");
        upgrade("two lengths", with("Content-Length", "3\r\nContent-Length: 3"), 400, "malformed", "");
        for (String length : new String[] {"+3", "-1", "3.0", "0x3", "3, 3", "", "99999999999999999999"}) {
            upgrade("length " + length, with("Content-Length", length), 400, "malformed", "a number");
        }
        upgrade("gzip, chunked", with("Transfer-Encoding", "gzip, chunked"), 400, "malformed", "chunked");
        upgrade("xchunked", with("Transfer-Encoding", "xchunked"), 400, "malformed", "chunked");
        upgrade(
                "chunks with HTTP/1.0",
                request("POST", "/health", "Transfer-Encoding: chunked").replace("HTTP/1.1", "HTTP/1.0"),
                400,
                "malformed",
                "chunked");
        upgrade("line feeds only", good.replace("\r\n", "\n"), 400, "malformed", "CR LF");
        upgrade("leading NULs", "\0\0" + good, 400, "malformed", "no http request");
        upgrade("TLS on the plain port", "\u0016\u0003\u0001\u0002\u0000\u0001", 400, "malformed", "no http request");
        upgrade("5,000 bytes of target", good.replace("lobby", "x".repeat(5000)), 414, "malformed", "4096");
        upgrade("5,000 bytes of query", good.replace("lobby", "lobby?a=" + "x".repeat(5000)), 414, "malformed", "4096");
        upgrade("9,000 bytes of header", with("X-Long", "x".repeat(9000)), 431, "malformed", "8192");
        upgrade("101 headers", with("X-Many", "a" + "\r\nX-Many: a".repeat(100)), 431, "malformed", "100");
    }

    private static void names() {
        String good = RawSocket.upgrade("/ws/lobby");
        for (String[] room : new String[][] {
            {"", "must not be empty"},
            {"a%2", "two hexadecimal digits"},
            {"a%", "two hexadecimal digits"},
            {"%zz", "two hexadecimal digits"},
            {"%u0041", "two hexadecimal digits"},
            {"%-1", "two hexadecimal digits"},
            {"a%00", "NUL"},
            {"%0A", "no control characters"},
            {"%0d%0aX: y", ""},
            {"%1b[2J", "no control characters"},
            {"%7f", "no control characters"},
            {"%C2%85", "no control characters"},
            {"%ff", "UTF-8"},
            {"%c0%af", "UTF-8"},
            {"%ed%a0%80", "UTF-8"},
            {"%F4%90%80%80", "UTF-8"},
            {"x".repeat(256), "255 bytes"},
            {"%F0%9F%98%8A".repeat(64), "255 bytes"}
        }) {
            String counted = room[0].contains(" ") ? "malformed" : "parameters";
            upgrade("room " + room[0], good.replace("lobby", room[0]), 400, counted, room[1]);
        }
        for (String query : new String[] {"user_id=%ff", "user_id=%", "user_id=%00", "client_id=a%00", "%ff=a"}) {
            upgrade("query " + query, good.replace("lobby", "lobby?" + query), 400, "parameters", "");
        }
        for (String[] query : new String[][] {
            {"events=nope", "events"},
            {"events=server.message,", "events"},
            {"events=ALL", "events"},
            {"events=server.message,server.message%20", "events"},
            {"room=a%0Ab", "room"},
            {"room=" + "x".repeat(256), "room"},
            {"user_id=" + "x".repeat(129), "user_id"},
            {"ack=maybe", "ack"}
        }) {
            String says = "\"field\":\"" + query[1] + "\"";
            upgrade("events, " + query[0], good.replace("/ws/lobby", "/ws?" + query[0]), 400, "parameters", says);
        }
        for (String id : new String[] {"user_id", "client_id"}) {
            upgrade(
                    id + " of 129 characters",
                    good.replace("lobby", "lobby?" + id + "=" + "i".repeat(129)),
                    400,
                    "parameters",
                    "128");
        }
    }

    private static void tokens() {
        String chat = RawSocket.upgrade("/ws/chat/lobby");
        upgrade("chat without a token", chat, 401, "identity", "\"unauthorized\"");
        for (String header : new String[] {"", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "bearer", "Bearer wrong"}) {
            upgrade(
                    "Authorization: " + header,
                    chat.replace("\r\n\r\n", "\r\nAuthorization: " + header + "\r\n\r\n"),
                    401,
                    "identity",
                    "\"unauthorized\"");
        }
        for (String query :
                new String[] {"auth_token=", "auth_token=wrong", "access_token=wrong", "token=valid-token"}) {
            upgrade("chat?" + query, chat.replace("lobby", "lobby?" + query), 401, "identity", "\"unauthorized\"");
        }
        String relay = RawSocket.upgrade("/ws/lobby?auth_token=wrong");
        upgrade("a wrong token where none is needed", relay, 401, "identity", "\"unauthorized\"");
    }

    private static void methods() {
        for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"}) {
            plain(method + " /health", request(method, "/health"), 405, "GET, HEAD");
            plain(method + " of a websocket", request(method, "/ws/lobby"), 405, "GET");
        }
        plain("GET of a relay", request("GET", "/ws/lobby"), 400, "upgrade");
        plain("GET of a chat", request("GET", "/ws/chat/lobby"), 400, "upgrade");
        plain("GET of the echo", request("GET", "/ws/simple"), 400, "upgrade");
        plain("GET of chat without a room", request("GET", "/ws/chat"), 404, "not found");
        plain("CONNECT", request("CONNECT", "example.com:443"), 405, "GET, HEAD");
    }

    private static void bodies() {
        upgrade("a body over the limit", request("POST", "/health", "Content-Length: 1048577"), 413, "body", "1048576");
        plain(
                "a gzip bomb for nobody",
                request("POST", "/health", "Content-Encoding: gzip", "Content-Length: 3") + "abc",
                405,
                "");
        plain(
                "chunks that end well",
                request("POST", "/health", "Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\n\r\n",
                405,
                "");
    }

    private static void paths() {
        for (String path : new String[] {
            "/nothing",
            "/..",
            "/../etc/passwd",
            "/..%2f..%2fetc/passwd",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/%00",
            "/%ff",
            "/;a=b",
            "//",
            "/health/",
            "/health%20",
            "/HEALTH",
            "/ready;x",
            "/.git/config",
            "/metrics.php",
            "/api/rooms",
            "/api/rooms/lobby",
            "/ws/a/b/stats",
            "/%",
            "/\u00ff"
        }) {
            plain("GET " + path, request("GET", path), 404, "not found");
        }
        for (String room :
                new String[] {"%", "%2", "%zz", "%00", "%ff", "%c0%af", "%0a", "x".repeat(256), "%ed%a0%80"}) {
            plain("stats of " + room, request("GET", "/api/rooms/" + room + "/stats"), 400, "room");
            plain("stats of the relay's " + room, request("GET", "/ws/" + room + "/stats"), 400, "room");
        }
        plain("stats of nothing", request("GET", "/api/rooms//stats"), 400, "room");
    }

    static Stream<Row> table() {
        return ROWS.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void isRefused(Row row) throws Exception {
        Map<String, Double> before = TARGET.counters();
        String answer;
        try (RawSocket client = TARGET.connect()) {
            client.send(row.request());
            answer = client.rest();
        }
        assertThat(answer)
                .startsWith("HTTP/1.1 " + row.status() + " ")
                .containsIgnoringCase("\r\nConnection: close\r\n");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(answer.replace("\\\"", "\"")).contains(row.says());
        assertIsErrorForm(new ObjectMapper().readTree(body), row);
        assertThat(answer).doesNotContain("Exception", "\tat ", "dev.muster", "valid-token", "=wrong");
        // An answer to a plain request is counted among those that the counters themselves are asked with: not with
        // 200.
        TARGET.assertCounted(
                before,
                row.counted().isEmpty() ? Target.answered(row.status()) : Target.refused(row.status(), row.counted()));
        try (RawSocket other = TARGET.open(Surface.SIMPLE, "")) {
            other.sendText("hello");
            assertThat(other.read().text()).isEqualTo("You said: hello");
        }
    }

    private static void assertIsErrorForm(JsonNode error, Row row) {
        assertThat(error.get("status").asInt()).isEqualTo(row.status());
        assertThat(error.get("error").asText()).isNotBlank();
        assertThat(error.get("message").asText()).isNotBlank().matches("[^A-Z].*");
        assertThat(error.get("path").asText()).doesNotContain("?");
        assertThat(error.has("method")).isTrue();
        assertThat(error.get("requestId").asText()).isNotBlank();
        assertThat(Instant.parse(error.get("timestamp").asText()))
                .isBefore(Instant.now().plusSeconds(1));
    }
}

package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Refusal;
import dev.muster.node.connection.Route;
import dev.muster.node.connection.SocketHandler;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client gets that does not shake hands as it should, over real sockets and byte by byte. */
class HandshakeTest {

    /** Says what the node understood: the room, a pipe, the query's {@code user_id}. */
    private static final SocketHandler MIRROR = new SocketHandler() {
        @Override
        public Future<Void> onConnect(Connection connection) {
            connection.sendText(connection.handshake().parameter("room") + "|"
                    + connection.handshake().query().get("user_id") + "|"
                    + connection.identity().userId());
            return Future.succeededFuture();
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            connection.sendText(message.text());
        }
    };

    private static final Authenticator TOKEN = handshake -> "Bearer good".equals(handshake.authorization())
            ? Future.succeededFuture(
                    new dev.muster.node.connection.Identity("1", "John", null, java.util.Set.of(), true))
            : Future.failedFuture(Refusal.unauthorized(null));

    private static TestListener server;

    @BeforeAll
    static void listen() {
        HttpLimits http = new HttpLimits(4096, 8192, 1000, Duration.ofMillis(400), Duration.ofSeconds(30));
        server = new TestListener(
                TransportOptions.DEFAULT
                        .withHttp(http)
                        .withOrigins(new Origins(List.of("https://app.example.com"), false)),
                RouteTable.builder()
                        .plain("/ws/stats")
                        .socket(new Route("/ws/secret/{room}", TOKEN, MIRROR))
                        .socket(new Route("/ws/checked/{room}", Authenticator.OPEN, MIRROR, List.of(handshake -> {
                            if (handshake.parameter("room").length() > 3) {
                                throw Refusal.badRequest("room", "at most 3 characters");
                            }
                        })))
                        .socket(new Route(
                                "/ws/broken/{room}",
                                handshake -> {
                                    throw new IllegalStateException("authenticator is broken");
                                },
                                MIRROR))
                        .absent("/ws/chat")
                        .plain("/ws/{room}/stats")
                        .socket(new Route("/ws/{room}", Authenticator.OPEN, MIRROR)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode errorOf(String answer) throws IOException {
        return new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    /** Sends, reads to the end of the stream, and sees to it that the server still works for others. */
    private static String answerTo(byte[] request) throws IOException {
        try (RawSocket client = new RawSocket(server.port())) {
            client.send(request);
            String answer = client.rest();
            assertOthersAreServed();
            return answer;
        }
    }

    private static String answerTo(String request) throws IOException {
        return answerTo(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void assertOthersAreServed() throws IOException {
        try (RawSocket other = RawSocket.open(server.port(), "/ws/other")) {
            assertThat(other.read().text()).startsWith("other|");
        }
    }

    private static String without(String header) {
        return RawSocket.upgrade("/ws/lobby").replaceAll("(?m)^" + header + ":.*\r\n", "");
    }

    private static String with(String header, String value) {
        return without(header).replace("\r\n\r\n", "\r\n" + header + ": " + value + "\r\n\r\n");
    }

    static Stream<Arguments> badHandshakes() {
        String good = RawSocket.upgrade("/ws/lobby");
        return Stream.of(
                arguments("no version", without("Sec-WebSocket-Version"), 426),
                arguments("version 8", with("Sec-WebSocket-Version", "8"), 426),
                arguments("two versions", with("Sec-WebSocket-Version", "13\r\nSec-WebSocket-Version: 13"), 426),
                arguments("no key", without("Sec-WebSocket-Key"), 400),
                arguments("short key", with("Sec-WebSocket-Key", "c2hvcnQ="), 400),
                arguments("key not base64", with("Sec-WebSocket-Key", "!!!!!!!!!!!!!!!!!!!!!!=="), 400),
                arguments(
                        "two keys",
                        with("Sec-WebSocket-Key", RawSocket.KEY + "\r\nSec-WebSocket-Key: " + RawSocket.KEY),
                        400),
                arguments("no Connection: Upgrade", without("Connection"), 400),
                arguments("POST", good.replace("GET ", "POST "), 400),
                arguments("HTTP/1.0", good.replace("HTTP/1.1", "HTTP/1.0"), 400),
                arguments("HTTP/2.0", good.replace("HTTP/1.1", "HTTP/2.0"), 505),
                arguments("with a body", with("Content-Length", "3"), 400),
                arguments("unknown subprotocol", with("Sec-WebSocket-Protocol", "mqtt"), 400),
                arguments("no Host", without("Host"), 400),
                arguments("two Hosts", with("Host", "a\r\nHost: b"), 400),
                arguments("absolute target", good.replace("GET /ws", "GET http://localhost/ws"), 400),
                arguments("unknown path", good.replace("/ws/lobby", "/nothing/here/at/all"), 404),
                arguments("path of nothing", good.replace("/ws/lobby", "/ws/chat"), 404),
                arguments("plain path", good.replace("/ws/lobby", "/ws/stats"), 400),
                arguments("plain path with a parameter", good.replace("/ws/lobby", "/ws/lobby/stats"), 400),
                arguments("empty parameter", good.replace("/ws/lobby", "/ws/"), 400),
                arguments("broken escape", good.replace("/ws/lobby", "/ws/a%2"), 400),
                arguments("escape of letters", good.replace("/ws/lobby", "/ws/a%zz"), 400),
                arguments("NUL", good.replace("/ws/lobby", "/ws/a%00"), 400),
                arguments("not UTF-8", good.replace("/ws/lobby", "/ws/%ff"), 400),
                arguments("overlong slash", good.replace("/ws/lobby", "/ws/%c0%af"), 400),
                arguments("bad query", good.replace("/ws/lobby", "/ws/lobby?user_id=%ff"), 400),
                arguments("check fails", good.replace("/ws/lobby", "/ws/checked/long"), 400),
                arguments("no token", good.replace("/ws/lobby", "/ws/secret/lobby"), 401),
                arguments("broken authenticator", good.replace("/ws/lobby", "/ws/broken/lobby"), 500),
                arguments("header without colon", with("Host", "localhost\r\nrubbish"), 400),
                arguments("folded header", with("X-Folded", "a\r\n b"), 400),
                arguments("blank before the colon", with("X-Blank ", "a"), 400),
                arguments("control character", with("X-Control", "a\u0001b"), 400),
                arguments("length and chunks", with("Content-Length", "3\r\nTransfer-Encoding: chunked"), 400),
                arguments("two lengths", with("Content-Length", "3\r\nContent-Length: 3"), 400),
                arguments("length no number", with("Content-Length", "+3"), 400),
                arguments("line feeds only", good.replace("\r\n", "\n"), 400),
                arguments("5,000 bytes of URI", good.replace("lobby", "x".repeat(5000)), 414),
                arguments("9,000 bytes of header", with("X-Long", "x".repeat(9000)), 431),
                arguments("200 headers", with("X-Many", "a" + "\r\nX-Many: a".repeat(200)), 431));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("badHandshakes")
    void is_refused_with(String name, String request, int status) throws IOException {
        String answer = answerTo(request);
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("\r\nConnection: close\r\n");
        JsonNode error = errorOf(answer);
        assertThat(error.get("status").asInt()).isEqualTo(status);
        assertThat(error.get("message").asText()).isNotBlank();
        assertThat(error.get("requestId").asText()).isNotBlank();
        assertThat(Instant.parse(error.get("timestamp").asText()))
                .isBefore(Instant.now().plusSeconds(1));
        assertThat(answer).doesNotContain("Exception");
    }

    @Test
    void a_refusal_says_what_and_where_but_not_the_query() throws IOException {
        String answer = answerTo(RawSocket.upgrade("/ws/checked/long?auth_token=hush"));
        JsonNode error = errorOf(answer);
        assertThat(error.get("error").asText()).isEqualTo("Bad Request");
        assertThat(error.get("path").asText()).isEqualTo("/ws/checked/long");
        assertThat(error.get("method").asText()).isEqualTo("GET");
        assertThat(error.get("details").get(0).get("field").asText()).isEqualTo("room");
        assertThat(error.get("details").get(0).get("message").asText()).isEqualTo("at most 3 characters");
        assertThat(answer).doesNotContain("hush");
    }

    @Test
    void the_version_that_is_spoken_is_named() throws IOException {
        assertThat(answerTo(with("Sec-WebSocket-Version", "8"))).contains("\r\nSec-WebSocket-Version: 13\r\n");
    }

    @Test
    void extensions_are_ignored() throws IOException {
        try (RawSocket client = new RawSocket(server.port())) {
            client.send(with("Sec-WebSocket-Extensions", "permessage-deflate"));
            assertThat(client.head()).startsWith("HTTP/1.1 101 ").doesNotContainIgnoringCase("extensions");
        }
    }

    @Test
    void names_are_decoded_after_the_path_is_matched() throws IOException {
        for (String[] each : new String[][] {
            {"a%2Fstats", "a/stats"},
            {"%F0%9F%98%8A", "😊"},
            {"a+b", "a+b"},
            {"%7Ba%7Db*:", "{a}b*:"},
            {"stats%2F", "stats/"}
        }) {
            try (RawSocket client = RawSocket.open(server.port(), "/ws/" + each[0] + "?user_id=a+b%26&x=")) {
                assertThat(client.read().text()).isEqualTo(each[1] + "|a b&|null");
            }
        }
    }

    @Test
    void who_has_a_token_comes_in() throws IOException {
        try (RawSocket client = new RawSocket(server.port())) {
            client.send(RawSocket.upgrade("/ws/secret/lobby", "Authorization: Bearer good"));
            assertThat(client.head()).startsWith("HTTP/1.1 101 ");
            assertThat(client.read().text()).isEqualTo("lobby|null|1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost",
                "HTTP://LocalHost:80",
                "https://app.example.com",
                "https://app.example.com:443"
            })
    void pages_that_may_connect(String origin) throws IOException {
        try (RawSocket client = new RawSocket(server.port())) {
            client.send(RawSocket.upgrade("/ws/lobby", "Origin: " + origin));
            assertThat(client.head()).startsWith("HTTP/1.1 101 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "",
                "http://localhost:3000",
                "http://127.0.0.1",
                "http://app.example.com",
                "https://app.example.com:8443",
                "https://app.example.com.evil.io",
                "https://evil-app.example.com",
                "https://app.example.com/path",
                "https://user@app.example.com",
                "file://",
                "http://localhost\r\nOrigin: http://localhost"
            })
    void pages_that_may_not(String origin) throws IOException {
        String answer = answerTo(RawSocket.upgrade("/ws/lobby", "Origin: " + origin));
        assertThat(answer).startsWith("HTTP/1.1 403 ").contains("--allow-origin");
    }

    @Test
    void a_plain_get_of_a_websocket_says_what_to_do() throws IOException {
        String answer = answerTo("GET /ws/lobby HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(errorOf(answer).get("message").asText()).isNotBlank();
        assertThat(answerTo("PUT /ws/lobby HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .containsIgnoringCase("\r\nallow: GET\r\n");
        assertThat(answerTo("GET /ws/chat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ");
    }

    @Test
    void random_bytes_are_answered_or_cut_and_disturb_nobody() throws IOException {
        Random random = new Random(20260730);
        for (int i = 0; i < 50; i++) {
            byte[] rubbish = new byte[1 + random.nextInt(6000)];
            random.nextBytes(rubbish);
            try (RawSocket client = new RawSocket(server.port())) {
                client.send(rubbish);
                // What could be the beginning of a request is waited for until the header's time is up.
                assertThat(client.isCut()).isTrue();
            }
        }
        assertOthersAreServed();
    }

    @Test
    void other_protocols_are_told_at_once() throws IOException {
        assertThat(answerTo(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01})).startsWith("HTTP/1.1 400 ");
        assertThat(answerTo("\0\0GET /ws/lobby HTTP/1.1\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void half_a_header_and_silence_is_cut() throws IOException {
        long begin = System.nanoTime();
        try (RawSocket client = new RawSocket(server.port());
                RawSocket silent = new RawSocket(server.port())) {
            client.send("GET /ws/lobby HTTP/1.1\r\nHost: loc");
            assertThat(client.rest()).isEmpty();
            assertThat(silent.rest()).isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(350), Duration.ofSeconds(8));
        assertOthersAreServed();
    }

    @Test
    void a_trickle_of_header_bytes_does_not_buy_time() throws IOException {
        try (RawSocket client = new RawSocket(server.port())) {
            client.send("GET /ws/lobby HTTP/1.1\r\n");
            client.socket.setSoTimeout(20);
            long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
            boolean cut = false;
            while (!cut && System.nanoTime() < end) {
                try {
                    client.send("X-More: a\r\n");
                    cut = client.socket.getInputStream().read() < 0;
                } catch (java.net.SocketTimeoutException goOn) {
                    // still open: another header
                } catch (java.net.SocketException gone) {
                    cut = true;
                }
            }
            assertThat(cut).isTrue();
        }
    }

    @Test
    void a_body_over_the_limit_is_refused() throws IOException {
        assertThat(answerTo("POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
        StringBuilder chunks =
                new StringBuilder("POST /ws/lobby/stats HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 30; i++) {
            chunks.append("400\r\n").append("x".repeat(1024)).append("\r\n");
        }
        String answer = answerTo(chunks.toString());
        assertThat(answer).startsWith("HTTP/1.1 4");
    }

    @Test
    void a_chunked_request_is_served_and_is_the_last() throws IOException {
        String answer =
                answerTo("POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("healthy3").containsIgnoringCase("connection: close");
    }

    @Test
    void pipelined_requests_are_answered_in_order() throws IOException {
        String answer = answerTo("GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
                + "POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"
                + "GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(answer).containsSubsequence("healthy0", "healthy2", "HTTP/1.1 404 ");
    }
}

package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rubbish instead of a handshake gets its answer, and disturbs nobody else. */
class HandshakeIT {

    private static MusterProcess node;

    private WsClient bystander;
    private WsClient listener;

    @BeforeAll
    static void start() {
        node = MusterProcess.node("--registry", "memory", "--header-timeout", "1s")
                .awaitReady();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void connect() {
        bystander = WsClient.relay(node.ws("/ws/calm"));
        listener = WsClient.relay(node.ws("/ws/calm"));
    }

    @AfterEach
    void undisturbed() {
        bystander.say("still here");
        assertThat(listener.frames(1)).containsExactly("still here");
        bystander.close();
        listener.close();
        assertThat(node.isAlive()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET  | /ws/lobby           | 400
            GET  | /ws/chat/lobby      | 400
            GET  | /ws/simple          | 400
            GET  | /ws/chat            | 404
            GET  | /nowhere            | 404
            POST | /health             | 405
            POST | /ws/lobby/stats     | 405
            GET  | /ws/%ff/stats       | 400
            GET  | /ws/%00/stats       | 400
            """)
    @DisplayName("plain requests where they do not belong: JSON with the status")
    void plain(String method, String path, int status) throws IOException {
        String answer = exchange(method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        JsonObject body = new JsonObject(answer.substring(answer.indexOf("\r\n\r\n")));
        assertThat(body.getInteger("status")).isEqualTo(status);
        assertThat(body.getString("method")).isEqualTo(method);
        assertThat(body.getString("path")).isEqualTo(path);
        assertThat(body.fieldNames()).contains("timestamp", "error", "message", "requestId");
        if (status == 405) {
            assertThat(answer.toLowerCase()).contains("\r\nallow: get, head\r\n");
        }
    }

    @Test
    @DisplayName("a 5,000-byte target: 414")
    void longTarget() throws IOException {
        assertThat(exchange("GET /ws/" + "a".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
    }

    @Test
    @DisplayName("random bytes: refused or cut")
    void randomBytes() throws IOException {
        byte[] bytes = new byte[4096];
        new Random(42).nextBytes(bytes);
        String answer = exchange(new String(bytes, StandardCharsets.ISO_8859_1) + "\r\n\r\n");
        assertThat(answer).matches(text -> text.isEmpty() || text.startsWith("HTTP/1.1 4"));
    }

    @Test
    @DisplayName("half a header and silence: cut when its time is over")
    void silence() throws IOException {
        assertThat(exchange("GET /ws/lobby HTTP/1.1\r\nHost: a\r\nUpgra")).doesNotContain(" 101 ");
    }

    @Test
    @DisplayName("chat without a token, or with a wrong one: 401 before the upgrade")
    void unauthorized() throws IOException {
        String upgrade = "Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        assertThat(exchange("GET /ws/chat/lobby HTTP/1.1\r\n" + upgrade + "\r\n"))
                .startsWith("HTTP/1.1 401 ");
        String wrong = "GET /ws/chat/lobby?auth_token=wrong HTTP/1.1\r\n";
        assertThat(exchange(wrong + upgrade + "\r\n"))
                .startsWith("HTTP/1.1 401 ")
                .contains("\"error\":\"Unauthorized\"", "\"message\":\"unauthorized\"")
                .doesNotContain("auth_token");
    }

    /** Sends, and reads until the node closes. */
    private static String exchange(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), node.port())) {
            socket.setSoTimeout(20_000);
            StringBuilder answer = new StringBuilder();
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                InputStream in = socket.getInputStream();
                for (int read = in.read(); read >= 0; read = in.read()) {
                    answer.append((char) read);
                }
            } catch (SocketException reset) {
                // As good an end as a close.
            }
            return answer.toString();
        }
    }
}

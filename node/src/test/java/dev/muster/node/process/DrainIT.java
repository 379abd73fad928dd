package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a node does between SIGTERM and its end, while a client takes its time to answer the close. */
class DrainIT {

    private static final String UPGRADE = "GET /ws/lobby HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    @Test
    @DisplayName("not ready, no new sockets, still alive; then the exit code is 0")
    void slowClient() throws IOException {
        try (MusterProcess node = MusterProcess.node("--registry", "memory").awaitReady();
                Socket silent = new Socket(InetAddress.getByName("127.0.0.1"), node.port())) {
            silent.setSoTimeout(20_000);
            silent.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
            assertThat(head(silent)).startsWith("HTTP/1.1 101 ");
            Patience.await("it is a member").until(() -> node.members("lobby") == 1);

            node.signal("TERM");
            Patience.await("draining").until(() -> node.get("/ready").statusCode() == 503);
            HttpResponse<String> ready = node.get("/ready");
            assertThat(new JsonObject(ready.body()).getString("status")).isEqualTo("draining");
            assertThat(node.get("/health").statusCode()).isEqualTo(200);
            try (Socket late = new Socket(InetAddress.getByName("127.0.0.1"), node.port())) {
                late.setSoTimeout(20_000);
                late.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
                assertThat(head(late)).startsWith("HTTP/1.1 503 ");
            }
            silent.shutdownOutput();
            assertThat(node.exitCode()).isZero();
        }
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }
}

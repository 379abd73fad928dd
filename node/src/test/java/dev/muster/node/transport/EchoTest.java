package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EchoTest {

    private static TestListener server;

    @BeforeAll
    static void listen() {
        server = TestListener.echo();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void upgrades_and_echoes() throws IOException {
        try (RawSocket client = new RawSocket(server.port())) {
            client.send(RawSocket.upgrade("/ws/lobby"));
            assertThat(client.head())
                    .startsWith("HTTP/1.1 101 ")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
            client.sendText("hello");
            assertThat(client.read().text()).isEqualTo("hello");
        }
    }

    @Test
    void bytes_right_behind_the_request_are_not_lost() throws IOException {
        try (RawSocket client = new RawSocket(server.port())) {
            byte[] head = RawSocket.upgrade("/ws/lobby").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            byte[] frame = RawSocket.frame(0x81, "early".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            byte[] both = java.util.Arrays.copyOf(head, head.length + frame.length);
            System.arraycopy(frame, 0, both, head.length, frame.length);
            client.send(both);
            client.head();
            assertThat(client.read().text()).isEqualTo("early");
        }
    }

    @Test
    void plain_requests_reach_the_http_server_and_an_upgrade_may_follow() throws IOException {
        try (RawSocket client = new RawSocket(server.port())) {
            for (int i = 0; i < 3; i++) {
                client.send("POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc");
                assertThat(client.head()).startsWith("HTTP/1.1 200 ").contains("content-length: 8");
                assertThat(new String(client.socket.getInputStream().readNBytes(8)))
                        .isEqualTo("healthy3");
            }
            client.send(RawSocket.upgrade("/ws/lobby"));
            assertThat(client.head()).startsWith("HTTP/1.1 101 ");
            client.sendText("after");
            assertThat(client.read().text()).isEqualTo("after");
        }
    }

    @Test
    void a_close_is_answered_with_its_code_and_the_server_hangs_up() throws IOException {
        try (RawSocket client = RawSocket.open(server.port(), "/ws/lobby")) {
            client.sendClose(1001);
            RawSocket.Frame answer = client.read();
            assertThat(answer.opcode()).isEqualTo(8);
            assertThat(answer.closeCode()).isEqualTo(1001);
            assertThat(client.rest()).isEmpty();
        }
    }
}

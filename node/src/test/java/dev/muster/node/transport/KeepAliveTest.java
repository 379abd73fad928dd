package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeepAliveTest {

    private static final SocketTimeouts SHORT = new SocketTimeouts(
            Duration.ofMillis(100), Duration.ofMillis(600), Duration.ofMillis(400), Duration.ofMillis(200));

    private final RecordingHandler handler = new RecordingHandler();
    private TestListener server;

    @BeforeEach
    void listen() {
        server = new TestListener(TransportOptions.DEFAULT.withTimeouts(SHORT), handler);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawSocket open() throws IOException {
        return RawSocket.open(server.port(), "/ws/lobby");
    }

    @Test
    void who_answers_pings_stays() throws IOException {
        try (RawSocket client = open()) {
            // Well beyond the time after which silence would have been the end.
            for (int i = 0; i < 15; i++) {
                RawSocket.Frame ping = client.read();
                assertThat(ping.opcode()).isEqualTo(9);
                client.send(RawSocket.frame(0x8A, ping.payload()));
            }
            assertThat(server.metrics.open()).isEqualTo(1);
        }
    }

    @Test
    void who_never_answers_is_closed_with_4004() throws IOException {
        try (RawSocket client = open()) {
            RawSocket.Frame last = client.read();
            int pings = 0;
            while (last.opcode() == 9) {
                pings++;
                last = client.read();
            }
            assertThat(last.closeCode()).isEqualTo(4004);
            assertThat(pings).isBetween(3, 9);
            assertThat(client.rest()).isEmpty();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> handler.events.size() == 2);
        assertThat(handler.events).containsExactly("connect", "disconnect 4004 no_pong");
    }

    @Test
    void a_message_that_never_ends_is_closed_although_the_client_lives() throws IOException {
        try (RawSocket client = open()) {
            client.send(new byte[] {(byte) 0x82, (byte) 0xFE, 0x10, 0x00, 1, 2, 3, 4});
            RawSocket.Frame last = client.read();
            while (last.opcode() == 9) {
                // One byte of the payload for each ping: alive, but far too slow.
                client.send(new byte[] {0});
                last = client.read();
            }
            assertThat(last.closeCode()).isEqualTo(4002);
            assertThat(last.closeText()).contains("too long");
        }
    }

    @Test
    void messages_that_overlap_reads_are_not_one_endless_message() throws IOException {
        try (RawSocket client = open()) {
            byte[] frame = RawSocket.frame(0x82, new byte[] {1, 2, 3});
            // Each send ends in the middle of a message, for much longer than one message may take.
            client.send(java.util.Arrays.copyOf(frame, 4));
            byte[] shifted = new byte[frame.length];
            System.arraycopy(frame, 4, shifted, 0, frame.length - 4);
            System.arraycopy(frame, 0, shifted, frame.length - 4, 4);
            for (int i = 0; i < 10; i++) {
                assertThat(client.read().opcode()).isEqualTo(9);
                client.send(shifted);
            }
            assertThat(server.metrics.open()).isEqualTo(1);
        }
    }

    @Test
    void a_paused_connection_is_not_held_to_be_silent() throws IOException {
        try (RawSocket client = open()) {
            await().atMost(Duration.ofSeconds(10)).until(() -> handler.connections.size() == 1);
            var connection = handler.connections.get(0);
            connection.loop().execute(connection::pause);
            for (int i = 0; i < 12; i++) {
                assertThat(client.read().opcode()).isEqualTo(9);
            }
            assertThat(connection.isOpen()).isTrue();
        }
    }
}

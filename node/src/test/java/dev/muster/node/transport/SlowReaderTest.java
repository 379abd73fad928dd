package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.connection.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that stops reading, beside one that reads. */
class SlowReaderTest {

    private static final int PAYLOAD = 16 * 1024;
    /** More than the system keeps for one connection in both directions, and the outbox besides. */
    private static final int MESSAGES = 4000;

    private final RecordingHandler handler = new RecordingHandler();
    private TestListener server;

    @BeforeEach
    void listen() {
        server = new TestListener(TransportOptions.DEFAULT, handler);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Connection connection(int number) {
        await().atMost(Duration.ofSeconds(10)).until(() -> handler.connections.size() > number);
        return handler.connections.get(number);
    }

    private static void offer(Connection connection, int number) {
        ByteBuf payload = Unpooled.wrappedBuffer(message(number).getBytes(StandardCharsets.US_ASCII));
        ByteBuf frame = connection.framing().text(payload);
        connection.loop().execute(() -> connection.offer(frame));
    }

    private static String message(int number) {
        return number + " " + "x".repeat(PAYLOAD);
    }

    @Test
    void is_closed_with_4002_and_costs_nobody_anything() throws IOException {
        try (RawSocket slow = RawSocket.open(server.port(), "/ws/lobby")) {
            Connection slowOne = connection(0);
            try (RawSocket reader = RawSocket.open(server.port(), "/ws/lobby")) {
                Connection fastOne = connection(1);
                long most = 0;
                for (int i = 0; i < MESSAGES; i++) {
                    offer(slowOne, i);
                    offer(fastOne, i);
                    // The reader has each before the next is sent, so it never has a reason to be slow.
                    assertThat(reader.read().text()).isEqualTo(message(i));
                    most = Math.max(most, slowOne.pendingBytes());
                }
                assertThat(slowOne.isOpen()).isFalse();
                assertThat(most).isLessThanOrEqualTo(SocketLimits.DEFAULT.outboxBytes() + (64L << 10) + 2L * PAYLOAD);
                assertThat(slowOne.pendingBytes()).isLessThan(128 << 10);
                assertThat(fastOne.isOpen()).isTrue();
            }
            assertThat(handler.events).contains("disconnect 4002 slow");
            assertThat(server.metrics.slowCloses()).isEqualTo(1);
            assertThat(lastFrameOf(slow).closeCode()).isEqualTo(4002);
        }
    }

    /** What had reached the socket comes whole and in order, and then the reason. */
    private static RawSocket.Frame lastFrameOf(RawSocket slow) throws IOException {
        int expected = 0;
        while (true) {
            RawSocket.Frame frame = slow.read();
            if (frame.opcode() == 8) {
                return frame;
            }
            if (frame.opcode() == 1) {
                assertThat(frame.text()).isEqualTo(message(expected++));
            } else if (frame.opcode() != 9) {
                throw new EOFException("opcode " + frame.opcode());
            }
        }
    }

    @Test
    void that_goes_on_in_time_loses_nothing() throws IOException {
        try (RawSocket client = RawSocket.open(server.port(), "/ws/lobby")) {
            Connection connection = connection(0);
            int sent = 0;
            // Until our own queue holds something: the socket is full then, and the limit still far.
            while (connection.pendingBytes() < 300_000) {
                offer(connection, sent++);
                if (sent % 10 == 0) {
                    await().atMost(Duration.ofSeconds(10)).until(() -> isIdle(connection));
                }
            }
            for (int i = 0; i < sent; i++) {
                assertThat(client.read().text()).isEqualTo(message(i));
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> connection.pendingBytes() == 0);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    private static boolean isIdle(Connection connection) throws Exception {
        // The loop has done what was given to it before.
        connection.loop().submit(() -> {}).get();
        return true;
    }
}

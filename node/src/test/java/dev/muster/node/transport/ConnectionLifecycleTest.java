package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Route;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionLifecycleTest {

    private static final SocketTimeouts SHORT_CLOSE = new SocketTimeouts(
            Duration.ofSeconds(25), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(3));

    private final RecordingHandler handler = new RecordingHandler() {
        @Override
        public void onMessage(Connection connection, Message message) throws Exception {
            super.onMessage(connection, message);
            switch (message.text()) {
                case "throw" -> throw new IOException("on purpose");
                case "overflow" -> overflow(1);
                case "close" -> connection.close(CloseReason.REPLACED);
                case "close exception" -> throw new CloseException(CloseReason.BAD_REQUEST.saying("no such thing"));
                case "twice" -> {
                    connection.close(CloseReason.REPLACED);
                    connection.close(CloseReason.DRAIN);
                    connection.sendText("never");
                }
                case "pause" -> connection.pause();
                default -> connection.sendText(message.text());
            }
        }

        private int overflow(int depth) {
            return depth < 0 ? 0 : overflow(depth + 1) + 1;
        }
    };

    private TestListener server;

    @BeforeEach
    void listen() {
        server = new TestListener(TransportOptions.DEFAULT.withTimeouts(SHORT_CLOSE), handler);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawSocket open() throws IOException {
        return RawSocket.open(server.port(), "/ws/lobby");
    }

    private void awaitEvents(String... events) {
        await().atMost(Duration.ofSeconds(10)).until(() -> handler.events.size() >= events.length);
        assertThat(handler.events).containsExactly(events);
    }

    @Test
    void a_clean_close_by_the_client() throws IOException {
        try (RawSocket client = open()) {
            client.sendText("a");
            assertThat(client.read().text()).isEqualTo("a");
            client.sendClose(1000);
            assertThat(client.read().closeCode()).isEqualTo(1000);
            assertThat(client.rest()).isEmpty();
        }
        awaitEvents("connect", "message a", "disconnect clean");
        assertThat(server.metrics.endings()).containsExactly(java.util.Map.entry(Ending.byClient(1000), 1L));
        assertThat(server.metrics.open()).isZero();
        assertThat(server.metrics.total()).isEqualTo(1);
    }

    @Test
    void a_close_without_code_is_answered_alike() throws IOException {
        try (RawSocket client = open()) {
            client.send(RawSocket.frame(0x88, new byte[0]));
            RawSocket.Frame answer = client.read();
            assertThat(answer.opcode()).isEqualTo(8);
            assertThat(answer.payload()).isEmpty();
            assertThat(client.rest()).isEmpty();
        }
        awaitEvents("connect", "disconnect clean");
    }

    @Test
    void a_connection_that_is_just_gone() throws IOException {
        open().close();
        awaitEvents("connect", "disconnect the client went away without a close frame");
        assertThat(server.metrics.endings()).containsExactly(java.util.Map.entry(Ending.lost(), 1L));
    }

    @Test
    void a_reset_connection() throws IOException {
        RawSocket client = open();
        client.socket.setSoLinger(true, 0);
        client.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> handler.events.size() == 2);
        assertThat(handler.events.get(1)).startsWith("disconnect ").isNotEqualTo("disconnect clean");
    }

    @Test
    void a_close_by_the_server_waits_for_the_client() throws IOException {
        try (RawSocket client = open()) {
            client.sendText("before");
            client.sendText("close");
            assertThat(client.read().text()).isEqualTo("before");
            RawSocket.Frame close = client.read();
            assertThat(close.closeCode()).isEqualTo(4504);
            assertThat(close.closeText()).isEqualTo("replaced");
            client.sendText("too late");
            client.sendClose(4504);
            assertThat(client.rest()).isEmpty();
        }
        awaitEvents("connect", "message before", "message close", "disconnect clean");
        assertThat(handler.connections.get(0).isOpen()).isFalse();
    }

    @Test
    void a_client_that_does_not_answer_a_close_is_cut() throws IOException {
        try (RawSocket client = open()) {
            client.sendText("close");
            assertThat(client.read().closeCode()).isEqualTo(4504);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void only_the_first_close_counts() throws IOException {
        try (RawSocket client = open()) {
            client.sendText("twice");
            assertThat(client.read().closeCode()).isEqualTo(4504);
            client.sendClose(4504);
            assertThat(client.rest()).isEmpty();
        }
        awaitEvents("connect", "message twice", "disconnect clean");
        assertThat(server.metrics.endings()).containsExactly(java.util.Map.entry(Ending.byServer(4504), 1L));
    }

    @Test
    void data_behind_the_clients_close_is_ignored() throws IOException {
        try (RawSocket client = open()) {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(RawSocket.frame(0x88, new byte[] {0x03, (byte) 0xE8}));
            both.writeBytes(RawSocket.frame(0x81, "late".getBytes(StandardCharsets.US_ASCII)));
            client.send(both.toByteArray());
            assertThat(client.read().closeCode()).isEqualTo(1000);
            assertThat(client.rest()).isEmpty();
        }
        awaitEvents("connect", "disconnect clean");
    }

    @Test
    void a_broken_frame_is_answered_with_its_code_even_while_more_comes() throws IOException {
        try (RawSocket client = open()) {
            client.send(RawSocket.frame(0xC1, "a".getBytes(StandardCharsets.US_ASCII)));
            // Bytes that are never read as frames, and must not cost the client our close frame.
            client.send(new byte[200_000]);
            assertThat(client.read().closeCode()).isEqualTo(1002);
            assertThat(client.rest()).isEmpty();
        }
        awaitEvents("connect", "disconnect 1002 a reserved bit is set, but no extension was agreed");
    }

    @Test
    void a_message_over_the_limit_is_answered_with_1009() throws IOException {
        try (RawSocket client = open()) {
            client.send(RawSocket.frame(0x82, new byte[(1 << 20) + 1]));
            RawSocket.Frame close = client.read();
            assertThat(close.closeCode()).isEqualTo(1009);
            assertThat(close.closeText()).contains("1048576");
        }
    }

    @Test
    void a_message_of_exactly_the_limit_comes_and_goes() throws IOException {
        String most = "x".repeat(1 << 20);
        try (RawSocket client = open()) {
            client.sendText(most);
            assertThat(client.read().text()).isEqualTo(most);
        }
    }

    @Test
    void pings_are_answered_with_their_payload() throws IOException {
        try (RawSocket client = open()) {
            client.send(RawSocket.frame(0x89, new byte[] {1, 2, 3}));
            RawSocket.Frame pong = client.read();
            assertThat(pong.opcode()).isEqualTo(10);
            assertThat(pong.payload()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void a_handler_that_throws_costs_its_own_connection_only() throws IOException {
        try (RawSocket client = open();
                RawSocket other = open()) {
            client.sendText("throw");
            assertThat(client.read().closeCode()).isEqualTo(4006);
            other.sendText("still here");
            assertThat(other.read().text()).isEqualTo("still here");
        }
        // The client sees the close frame before the server has seen the end of the socket.
        await().untilAsserted(
                        () -> assertThat(handler.events).contains("error on purpose", "disconnect 4006 internal"));
        assertThat(server.metrics.errors()).isEqualTo(1);
    }

    @Test
    void a_handler_that_never_ends_to_call_itself_costs_its_own_connection_only() throws IOException {
        try (RawSocket client = open();
                RawSocket other = open()) {
            client.sendText("overflow");
            assertThat(client.read().closeCode()).isEqualTo(4006);
            other.sendText("still here");
            assertThat(other.read().text()).isEqualTo("still here");
        }
    }

    @Test
    void a_handler_closes_with_a_reason_of_its_own() throws IOException {
        try (RawSocket client = open()) {
            client.sendText("close exception");
            RawSocket.Frame close = client.read();
            assertThat(close.closeCode()).isEqualTo(4500);
            assertThat(close.closeText()).isEqualTo("no such thing");
        }
    }

    @Test
    void messages_wait_for_on_connect() throws IOException {
        Promise<Void> ready = Promise.promise();
        handler.onConnect = connection -> ready.future();
        try (RawSocket client = open()) {
            client.sendText("one");
            client.sendText("two");
            await().atMost(Duration.ofSeconds(10)).until(() -> handler.events.size() == 1);
            handler.events.add("ready");
            ready.complete();
            assertThat(client.read().text()).isEqualTo("one");
            assertThat(client.read().text()).isEqualTo("two");
        }
        assertThat(handler.events).startsWith("connect", "ready", "message one", "message two");
    }

    @Test
    void a_flood_before_on_connect_is_done_waits_in_the_system() throws Exception {
        Promise<Void> ready = Promise.promise();
        handler.onConnect = connection -> ready.future();
        try (RawSocket client = open()) {
            byte[] frame = RawSocket.frame(0x81, "x".repeat(60_000).getBytes(StandardCharsets.US_ASCII));
            AtomicInteger sent = new AtomicInteger();
            Thread flood = new Thread(() -> {
                try {
                    while (sent.get() < 2000) {
                        client.send(frame);
                        sent.incrementAndGet();
                    }
                } catch (IOException closed) {
                    // the test is over
                }
            });
            flood.start();
            // 120 MB are far too much for the system's buffers: at some point the sender has to wait for us.
            AtomicInteger before = new AtomicInteger(-1);
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> before.getAndSet(sent.get()) == sent.get());
            assertThat(sent.get()).isLessThan(1000);
            assertThat(handler.events).containsExactly("connect");
            ready.fail(new CloseException(CloseReason.FORBIDDEN));
            assertThat(client.read().closeCode()).isEqualTo(4503);
            flood.join(10_000);
        }
    }

    @Test
    void an_on_connect_that_fails_closes() throws IOException {
        handler.onConnect = connection -> Future.failedFuture(new CloseException(CloseReason.FORBIDDEN));
        try (RawSocket client = open()) {
            assertThat(client.read().closeCode()).isEqualTo(4503);
        }
        awaitEvents("connect", "disconnect 4503 forbidden");
    }

    @Test
    void an_on_connect_that_throws_closes() throws IOException {
        handler.onConnect = connection -> {
            throw new IllegalStateException("on purpose");
        };
        try (RawSocket client = open()) {
            assertThat(client.read().closeCode()).isEqualTo(4006);
        }
        awaitEvents("connect", "disconnect 4006 internal");
    }

    @Test
    void a_paused_connection_reads_nothing_until_it_goes_on() throws IOException {
        try (RawSocket client = open()) {
            client.sendText("pause");
            client.sendText("later");
            await().atMost(Duration.ofSeconds(10)).until(() -> handler.events.size() == 2);
            Connection connection = handler.connections.get(0);
            connection.sendText("marker");
            assertThat(client.read().text()).isEqualTo("marker");
            assertThat(handler.events).containsExactly("connect", "message pause");
            connection.loop().execute(connection::resume);
            assertThat(client.read().text()).isEqualTo("later");
        }
    }

    @Test
    void a_message_whose_end_comes_while_paused_waits_too() throws IOException {
        try (RawSocket client = open()) {
            byte[] later = RawSocket.frame(0x81, "later".getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream begun = new ByteArrayOutputStream();
            begun.writeBytes(RawSocket.frame(0x81, "first".getBytes(StandardCharsets.US_ASCII)));
            begun.write(later, 0, later.length - 2);
            client.send(begun.toByteArray());
            assertThat(client.read().text()).isEqualTo("first");
            Connection connection = handler.connections.get(0);
            connection.loop().execute(connection::pause);
            connection.loop().execute(() -> connection.sendText("paused"));
            assertThat(client.read().text()).isEqualTo("paused");
            client.send(java.util.Arrays.copyOfRange(later, later.length - 2, later.length));
            connection.loop().execute(() -> connection.sendText("marker"));
            assertThat(client.read().text()).isEqualTo("marker");
            connection.loop().execute(() -> handler.events.add("resumed"));
            connection.loop().execute(connection::resume);
            assertThat(client.read().text()).isEqualTo("later");
            assertThat(handler.events).containsExactly("connect", "message first", "resumed", "message later");
        }
    }

    @Test
    void what_is_sent_from_other_threads_arrives_in_order() throws IOException {
        try (RawSocket client = open()) {
            await().atMost(Duration.ofSeconds(10)).until(() -> handler.connections.size() == 1);
            Connection connection = handler.connections.get(0);
            for (int i = 0; i < 500; i++) {
                connection.sendText("n" + i);
            }
            connection.sendBinary(Buffer.buffer(new byte[] {7}));
            connection.close(CloseReason.NORMAL);
            connection.sendText("never");
            for (int i = 0; i < 500; i++) {
                assertThat(client.read().text()).isEqualTo("n" + i);
            }
            RawSocket.Frame binary = client.read();
            assertThat(binary.opcode()).isEqualTo(2);
            assertThat(binary.payload()).containsExactly(7);
            assertThat(client.read().closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void a_connection_knows_who_it_is() throws IOException {
        Instant before = Instant.now().minusMillis(1);
        try (RawSocket client = RawSocket.open(server.port(), "/ws/lobby?user_id=7")) {
            await().atMost(Duration.ofSeconds(10)).until(() -> handler.connections.size() == 1);
            Connection connection = handler.connections.get(0);
            assertThat(connection.id()).matches("[A-Za-z0-9_-]{12,26}");
            assertThat(connection.transport()).isEqualTo("websocket");
            assertThat(connection.handshake().path()).isEqualTo("/ws/lobby");
            assertThat(connection.handshake().remoteAddress()).isEqualTo("127.0.0.1");
            assertThat(connection.handshake().query()).containsEntry("user_id", "7");
            assertThat(connection.connectedAt()).isBetween(before, Instant.now());
            assertThat(connection.framing()).isSameAs(WebSocketFraming.INSTANCE);
            connection.attach("kept");
            assertThat(connection.attachment()).isEqualTo("kept");
            assertThat(client.socket.isClosed()).isFalse();
        }
    }

    @Test
    void a_listener_hears_of_every_connection_and_may_refuse_it() throws IOException {
        List<String> heard = new CopyOnWriteArrayList<>();
        ConnectionListener watcher = new ConnectionListener() {
            @Override
            public Future<Void> opened(Connection connection) {
                heard.add("opened");
                return connection.handshake().path().endsWith("full")
                        ? Future.failedFuture(new CloseException(CloseReason.REGISTRY_UNAVAILABLE))
                        : Future.succeededFuture();
            }

            @Override
            public void closed(Connection connection) {
                heard.add("closed after " + handler.events.size());
            }
        };
        try (TestListener watched = new TestListener(
                TransportOptions.DEFAULT,
                RouteTable.builder().socket(new Route("/ws/{room}", Authenticator.OPEN, handler)),
                ConnectionLimit.NONE,
                watcher)) {
            try (RawSocket refused = RawSocket.open(watched.port(), "/ws/full")) {
                assertThat(refused.read().closeCode()).isEqualTo(4005);
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> heard.size() == 2);
            // The handler never saw the one that was refused.
            assertThat(heard).containsExactly("opened", "closed after 0");
            RawSocket.open(watched.port(), "/ws/lobby").close();
            await().atMost(Duration.ofSeconds(10)).until(() -> heard.size() == 4);
            assertThat(heard).containsExactly("opened", "closed after 0", "opened", "closed after 2");
        }
    }
}

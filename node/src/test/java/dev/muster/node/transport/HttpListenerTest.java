package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Route;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HttpListenerTest {

    private final RecordingHandler handler = new RecordingHandler();

    private RouteTable.Builder routes() {
        return RouteTable.builder().socket(new Route("/ws/{room}", Authenticator.OPEN, handler));
    }

    private static HttpListener on(Vertx vertx, int port) {
        return new HttpListener(
                vertx,
                TransportOptions.DEFAULT.withPort(port),
                RouteTable.builder().build(),
                request -> request.response().end(),
                ConnectionLimit.NONE,
                MessageLimit.NONE,
                ConnectionListener.NONE,
                new ConnectionIds(1),
                new TransportMetrics());
    }

    @Test
    void listens_on_both_loopback_addresses() throws IOException {
        assumeThat(Loopback.hasIpv6()).isTrue();
        try (TestListener server = new TestListener(TransportOptions.DEFAULT, routes());
                RawSocket six = new RawSocket(new Socket(InetAddress.getByName("::1"), server.port()))) {
            six.send(RawSocket.upgrade("/ws/lobby"));
            assertThat(six.head()).startsWith("HTTP/1.1 101 ");
            await().until(() -> handler.connections.size() == 1);
            assertThat(handler.connections.get(0).handshake().remoteAddress()).isEqualTo("::1");
        }
    }

    @Test
    void connections_spread_over_the_loops() throws IOException {
        List<RawSocket> clients = new ArrayList<>();
        try (TestListener server = new TestListener(TransportOptions.DEFAULT, routes())) {
            for (int i = 0; i < 10; i++) {
                clients.add(RawSocket.open(server.port(), "/ws/lobby"));
            }
            await().until(() -> handler.connections.size() == 10);
            assertThat(handler.connections.stream()
                            .collect(Collectors.groupingBy(Connection::loop, Collectors.counting()))
                            .values())
                    .containsExactly(5L, 5L);
        } finally {
            for (RawSocket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void a_port_that_is_taken_is_a_failure_that_names_it() throws IOException {
        Vertx vertx = Vertx.vertx();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Future<HttpListener> listening =
                    on(vertx, taken.getLocalPort()).listen().toCompletionStage().toCompletableFuture();
            assertThatThrownBy(() -> listening.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(ListenException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("in use");
        } finally {
            vertx.close();
        }
    }

    @Test
    void two_listeners_of_one_process_do_not_share_a_port() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HttpListener first = get(on(vertx, 0).listen());
            assertThatThrownBy(() -> get(on(vertx, first.port()).listen()))
                    .cause()
                    .hasMessageContaining(":" + first.port());
            // The failed attempt has left the first one alone, and the port is free again when that stops.
            try (RawSocket client = new RawSocket(first.port())) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            }
            int port = first.port();
            get(first.stop());
            HttpListener second = get(on(vertx, port).listen());
            assertThat(second.port()).isEqualTo(port);
            get(second.stop());
        } finally {
            vertx.close();
        }
    }

    private static <T> T get(io.vertx.core.Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_draining_listener_refuses_newcomers_and_keeps_the_others() throws IOException {
        try (TestListener server = new TestListener(TransportOptions.DEFAULT, TestListener.ECHO);
                RawSocket old = RawSocket.open(server.port(), "/ws/lobby")) {
            server.listener.drain();
            try (RawSocket late = new RawSocket(server.port())) {
                late.send(RawSocket.upgrade("/ws/lobby"));
                assertThat(late.rest()).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: ");
            }
            old.sendText("still here");
            assertThat(old.read().text()).isEqualTo("still here");
            assertThat(server.metrics.refusals()).containsEntry("503 draining", 1L);
        }
    }

    @Test
    void a_limit_answers_429() throws IOException {
        ConnectionLimit limit = address -> address.equals("127.0.0.1") ? 17 : 0;
        try (TestListener server =
                        new TestListener(TransportOptions.DEFAULT, routes(), limit, ConnectionListener.NONE);
                RawSocket client = new RawSocket(server.port())) {
            client.send(RawSocket.upgrade("/ws/lobby"));
            assertThat(client.rest()).startsWith("HTTP/1.1 429 ").contains("\r\nRetry-After: 17\r\n");
        }
    }

    @Test
    void all_are_closed_with_the_reason_over_some_time() throws Exception {
        List<RawSocket> clients = new ArrayList<>();
        try (TestListener server = new TestListener(TransportOptions.DEFAULT, routes())) {
            for (int i = 0; i < 20; i++) {
                clients.add(RawSocket.open(server.port(), "/ws/lobby"));
            }
            await().until(() -> handler.connections.size() == 20);
            io.vertx.core.Future<Void> closed = server.listener.closeAll(CloseReason.DRAIN, Duration.ofMillis(400));
            for (RawSocket client : clients) {
                assertThat(client.read().closeCode()).isEqualTo(4001);
                client.sendClose(4001);
                assertThat(client.rest()).isEmpty();
            }
            get(closed);
            assertThat(server.metrics.open()).isZero();
            assertThat(server.metrics.endings()).containsExactly(java.util.Map.entry(Ending.byServer(4001), 20L));
        } finally {
            for (RawSocket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void to_stop_cuts_what_is_open_and_every_handler_hears_of_it() throws Exception {
        TestListener server = new TestListener(TransportOptions.DEFAULT, routes());
        try (RawSocket client = RawSocket.open(server.port(), "/ws/lobby")) {
            await().until(() -> handler.connections.size() == 1);
            server.close();
            assertThat(client.isCut()).isTrue();
        }
        await().until(() -> handler.events.size() == 2);
        assertThat(handler.events.get(1)).startsWith("disconnect");
    }

    @Test
    void nothing_of_the_http_part_is_left_in_the_pipeline() throws IOException {
        try (TestListener server = new TestListener(TransportOptions.DEFAULT, routes());
                RawSocket client = RawSocket.open(server.port(), "/ws/lobby")) {
            await().until(() -> handler.connections.size() == 1);
            assertThat(client.socket.isConnected()).isTrue();
            ChannelConnection connection = (ChannelConnection) handler.connections.get(0);
            assertThat(connection.channel.pipeline().toMap()).containsOnlyKeys("websocket");
        }
    }
}

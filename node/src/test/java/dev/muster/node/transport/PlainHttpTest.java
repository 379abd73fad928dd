package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Route;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The doorman between requests: idle connections, slow answers, slow authenticators. */
class PlainHttpTest {

    private static final HttpLimits SHORT_IDLE =
            new HttpLimits(4096, 8192, 1000, Duration.ofSeconds(5), Duration.ofMillis(300));

    private final List<Promise<Identity>> asked = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private HttpListener listener;

    @BeforeEach
    void listen() throws Exception {
        vertx = Vertx.vertx();
        listener = new HttpListener(
                vertx,
                TransportOptions.DEFAULT.withPort(0).withHttp(SHORT_IDLE),
                RouteTable.builder()
                        .socket(new Route(
                                "/ws/{room}",
                                handshake -> {
                                    Promise<Identity> identity = Promise.promise();
                                    asked.add(identity);
                                    return identity.future();
                                },
                                TestListener.ECHO))
                        .build(),
                request -> {
                    if (request.path().equals("/slow")) {
                        vertx.setTimer(900, late -> request.response().end("slow"));
                    } else {
                        request.response().end("fast");
                    }
                },
                ConnectionLimit.NONE,
                MessageLimit.NONE,
                ConnectionListener.NONE,
                new ConnectionIds(1),
                new TransportMetrics());
        listener.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        listener.stop().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        vertx.close();
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @Test
    void a_connection_without_requests_is_let_go() throws IOException {
        try (RawSocket client = new RawSocket(listener.port())) {
            client.send(get("/fast"));
            assertThat(client.rest()).startsWith("HTTP/1.1 200 ").endsWith("fast");
        }
    }

    @Test
    void a_client_that_waits_for_a_slow_answer_is_not_idle() throws IOException {
        try (RawSocket client = new RawSocket(listener.port())) {
            client.send(get("/slow"));
            assertThat(client.rest()).startsWith("HTTP/1.1 200 ").endsWith("slow");
        }
    }

    @Test
    void a_body_that_stops_coming_is_given_up() throws IOException {
        try (RawSocket client = new RawSocket(listener.port())) {
            client.send("POST /fast HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            assertThat(client.isCut()).isTrue();
        }
    }

    @Test
    void an_upgrade_behind_an_unanswered_request_is_refused_in_its_turn() throws IOException {
        try (RawSocket client = new RawSocket(listener.port())) {
            client.send(get("/slow") + RawSocket.upgrade("/ws/lobby"));
            assertThat(client.rest()).containsSubsequence("HTTP/1.1 200 ", "slow", "HTTP/1.1 400 ");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void what_comes_while_an_authenticator_thinks_is_not_lost() throws IOException {
        try (RawSocket client = new RawSocket(listener.port())) {
            ByteArrayOutputStream early = new ByteArrayOutputStream();
            early.writeBytes(RawSocket.upgrade("/ws/lobby").getBytes(StandardCharsets.US_ASCII));
            early.writeBytes(RawSocket.frame(0x81, "one".getBytes(StandardCharsets.US_ASCII)));
            client.send(early.toByteArray());
            await().atMost(Duration.ofSeconds(10)).until(() -> asked.size() == 1);
            client.sendText("two");
            // On a thread of its own, as a real one may be.
            asked.get(0).complete(Identity.ANONYMOUS);
            assertThat(client.head()).startsWith("HTTP/1.1 101 ");
            assertThat(client.read().text()).isEqualTo("one");
            assertThat(client.read().text()).isEqualTo("two");
        }
    }

    @Test
    void a_client_that_leaves_while_an_authenticator_thinks_is_forgotten() throws IOException {
        try (RawSocket client = new RawSocket(listener.port())) {
            client.send(RawSocket.upgrade("/ws/lobby"));
            await().atMost(Duration.ofSeconds(10)).until(() -> asked.size() == 1);
        }
        asked.get(0).complete(Identity.ANONYMOUS);
        try (RawSocket other = new RawSocket(listener.port())) {
            other.send(RawSocket.upgrade("/ws/lobby"));
            await().atMost(Duration.ofSeconds(10)).until(() -> asked.size() == 2);
            asked.get(1).complete(Identity.ANONYMOUS);
            assertThat(other.head()).startsWith("HTTP/1.1 101 ");
        }
    }
}

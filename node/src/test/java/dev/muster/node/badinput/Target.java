package dev.muster.node.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.Node;
import dev.muster.node.NodeBuilder;
import dev.muster.node.transport.RawSocket;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A node that is told what no client should say. Prints in the end how much that was. */
final class Target implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback {

    /** What a client sends, in so many bytes at most: the default of {@code --max-message}. */
    static final int MAX_MESSAGE = 1 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String surface;
    private final UnaryOperator<NodeBuilder> options;
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger rooms = new AtomicInteger();
    private final AtomicInteger cases = new AtomicInteger();
    private Node node;

    /**
     * @param surface what is printed
     */
    Target(String surface) {
        this(surface, UnaryOperator.identity());
    }

    Target(String surface, UnaryOperator<NodeBuilder> options) {
        this.surface = surface;
        this.options = options;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        node = get(options.apply(Node.builder()
                        .registry("memory")
                        .option("cluster", "bad-input-" + UUID.randomUUID())
                        .port(0))
                .start());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        cases.incrementAndGet();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        get(node.close());
        System.out.println("bad input, " + surface + ": " + cases + " cases");
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    int port() {
        return node.port();
    }

    int tcpPort() {
        return node.tcpPort().orElseThrow();
    }

    /** A room that nobody was in before. */
    String newRoom() {
        return "room-" + rooms.incrementAndGet();
    }

    /** A connection that has read its greetings. */
    RawSocket open(Surface wire, String room) throws IOException {
        return open(wire.path(room), wire.greetings);
    }

    RawSocket open(String path, int greetings) throws IOException {
        RawSocket client = RawSocket.open(port(), path);
        for (int i = 0; i < greetings; i++) {
            client.read();
        }
        return client;
    }

    RawSocket connect() throws IOException {
        return new RawSocket(port());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .header("Accept", "text/plain")
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** All samples of the node's metrics, by name with labels. */
    Map<String, Double> counters() throws IOException, InterruptedException {
        Map<String, Double> counters = new HashMap<>();
        get("/metrics").body().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int blank = line.lastIndexOf(' ');
            counters.put(line.substring(0, blank), Double.parseDouble(line.substring(blank + 1)));
        });
        return counters;
    }

    /** That a counter is one higher than before. What is counted after the answer may be a moment late. */
    void assertCounted(Map<String, Double> before, String counter) {
        double expected = before.getOrDefault(counter, 0.0) + 1;
        await(counter)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThat(counters().getOrDefault(counter, 0.0))
                        .as(counter)
                        .isEqualTo(expected));
    }

    static String badInput(String protocol, String code) {
        return "muster_bad_input_total{code=\"" + code + "\",protocol=\"" + protocol + "\"}";
    }

    static String closed(String protocol, int code, String reason) {
        return closed("websocket", protocol, code, reason);
    }

    static String closed(String transport, String protocol, int code, String reason) {
        return "muster_connections_closed_total{by=\"server\",code=\"" + code + "\",protocol=\"" + protocol
                + "\",reason=\"" + reason + "\",transport=\"" + transport + "\"}";
    }

    static String refused(int status, String reason) {
        return "muster_requests_refused_total{reason=\"" + reason + "\",status=\"" + status + "\"}";
    }

    static String answered(int status) {
        return "muster_http_responses_total{status=\"" + status + "\"}";
    }
}

package dev.muster.node.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.Node;
import dev.muster.node.sync.component.Name;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a node tells over HTTP after something happened on it. */
class FiguresTest {

    private static final String RELAY = "protocol=\"relay\",transport=\"websocket\"";

    private final HttpClient http = HttpClient.newHttpClient();
    private Vertx vertx;
    private WebSocketClient sockets;
    private Node node;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        sockets = vertx.createWebSocketClient();
        node = get(Node.builder()
                .registry("memory")
                .option("cluster", "figures-" + UUID.randomUUID())
                .nodeId("n1")
                .port(0)
                .start());
    }

    @AfterEach
    void stop() throws Exception {
        get(node.close());
        get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private HttpResponse<String> request(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private WebSocket connect(String path, List<String> got) throws Exception {
        WebSocket socket = get(sockets.connect(new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(node.port())
                .setURI(path)));
        socket.textMessageHandler(got::add);
        return socket;
    }

    private void conversation() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        WebSocket ann = connect("/ws/lobby?user_id=ann", new CopyOnWriteArrayList<>());
        WebSocket bob = connect("/ws/lobby?user_id=bob", heard);
        await().until(() -> get(node.groupCount("lobby")) == 2);
        get(ann.writeTextMessage("hello"));
        await().until(() -> heard.contains("hello"));
        get(bob.writeBinaryMessage(Buffer.buffer(new byte[] {1, 2, 3})));
        await().until(() -> counter(prometheus(), "muster_messages_received_total{" + RELAY + "}") == 2);
        get(bob.close());
        await().until(() -> node.count() == 1);
    }

    private String prometheus() throws Exception {
        return request("/metrics", "Accept", "text/plain").body();
    }

    private static double counter(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    @Test
    @DisplayName("metrics count what spaces hold, and their clients")
    void spaces() throws Exception {
        assertThat(counter(prometheus(), "muster_sync_replicas")).isZero();
        List<String> got = new CopyOnWriteArrayList<>();
        WebSocket client = connect("/ws/sync", got);
        get(client.writeTextMessage(
                "{\"type\":\"subscribe\",\"subscriptionId\":1,\"component\":\"Name\",\"entity\":null}"));
        await().until(() -> got.size() == 1);
        get(node.space("world").spawn(new Name("ann")));
        await().until(() -> got.size() == 2);
        String text = prometheus();
        assertThat(counter(text, "muster_sync_replicas")).isEqualTo(1);
        assertThat(counter(text, "muster_sync_entities")).isEqualTo(1);
        // Its length and three letters.
        assertThat(counter(text, "muster_sync_components_bytes")).isEqualTo(4);
        assertThat(counter(text, "muster_sync_clients")).isEqualTo(1);
        get(client.close());
        await().until(() -> counter(prometheus(), "muster_sync_clients") == 0);
    }

    @Test
    @DisplayName("metrics for Prometheus count what happened, and name no room and nobody")
    void metrics() throws Exception {
        assertThat(http.send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/ws/lobby"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(400);
        conversation();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> counter(
                                prometheus(),
                                "muster_connections_closed_total{by=\"client\",code=\"1000\",protocol=\"relay\",reason=\"normal\",transport=\"websocket\"}")
                        == 1);
        // Delivery is measured when the frame has been flushed, which the client may see first.
        await().atMost(Duration.ofSeconds(10))
                .until(() -> counter(prometheus(), "muster_delivery_latency_seconds_count") >= 1);
        // That they were received does not say that they have been delivered.
        await().atMost(Duration.ofSeconds(10))
                .until(() -> counter(prometheus(), "muster_deliveries_total") >= 2
                        && counter(prometheus(), "muster_messages_sent_total{" + RELAY + "}") >= 4
                        && counter(
                                        prometheus(),
                                        "muster_registry_operations_total{operation=\"publish\",outcome=\"ok\"}")
                                == 2);
        String text = prometheus();
        assertThat(counter(text, "muster_connections{" + RELAY + "}")).isEqualTo(1);
        assertThat(counter(text, "muster_connections_opened_total{" + RELAY + "}"))
                .isEqualTo(2);
        assertThat(counter(text, "muster_received_bytes_total{" + RELAY + "}")).isEqualTo("hello".length() + 3);
        assertThat(counter(text, "muster_messages_sent_total{" + RELAY + "}")).isGreaterThanOrEqualTo(4);
        assertThat(counter(text, "muster_rooms")).isEqualTo(1);
        assertThat(counter(text, "muster_ready")).isEqualTo(1);
        assertThat(counter(text, "muster_nodes")).isEqualTo(1);
        assertThat(counter(text, "muster_registry_operations_total{operation=\"publish\",outcome=\"ok\"}"))
                .isEqualTo(2);
        assertThat(counter(text, "muster_registry_operations_total{operation=\"join\",outcome=\"ok\"}"))
                .isEqualTo(2);
        assertThat(counter(text, "muster_registry_operation_seconds_count{operation=\"publish\"}"))
                .isEqualTo(2);
        assertThat(counter(text, "muster_delivery_latency_seconds_count")).isGreaterThanOrEqualTo(1);
        assertThat(counter(text, "muster_eventloop_lag_seconds")).isNotNaN();
        assertThat(counter(text, "muster_deliveries_total")).isGreaterThanOrEqualTo(2);
        assertThat(counter(text, "muster_room_messages_total")).isEqualTo(2);
        assertThat(counter(text, "muster_outbox_bytes")).isGreaterThanOrEqualTo(0);
        assertThat(counter(text, "muster_http_responses_total{status=\"400\"}")).isEqualTo(1);
        assertThat(counter(text, "muster_delivery_latency_seconds_bucket{le=\"+Inf\"}"))
                .isEqualTo(counter(text, "muster_delivery_latency_seconds_count"));
        assertThat(counter(text, "jvm_threads_live_threads")).isPositive();
        assertThat(text).doesNotContain("lobby", "ann", "127.0.0.1");
    }

    @Test
    @DisplayName("the form of the metrics is the client's choice")
    void forms() throws Exception {
        HttpResponse<String> open = request("/metrics", "Accept", "application/openmetrics-text;version=1.0.0");
        assertThat(open.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(open.body()).endsWith("# EOF\n");
        assertThat(request("/metrics", "Accept", "text/plain").headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));

        conversation();
        HttpResponse<String> any = request("/metrics", "Accept", "*/*");
        assertThat(any.headers().firstValue("content-type")).hasValue("application/json");
        JsonObject json = new JsonObject(any.body());
        assertThat(json.fieldNames()).containsExactly("report", "timestamp");
        assertThat(json.getString("timestamp")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(json.getString("report").split("\n"))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("=== Performance Report ==="),
                        line -> assertThat(line).matches("Uptime: \\d+s"),
                        line -> assertThat(line).isEqualTo("Connections: 1 active / 2 total (0 errors)"),
                        line -> assertThat(line).matches("Messages: \\d+ sent / 2 received \\(0 errors\\)"),
                        line -> assertThat(line).matches("Bytes: \\d+ sent / 8 received"),
                        line -> assertThat(line).isEqualTo("Active Rooms: 1"),
                        line -> assertThat(line).matches("Latency: avg=\\d+\\.\\d\\dms, p99=\\d+\\.\\d\\dms"),
                        line -> assertThat(line).isEqualTo("========================="));
    }

    @Test
    @DisplayName("who is in a room: ids as given or null, times in UTC, the node's name")
    void roomStats() throws Exception {
        connect("/ws/lobby?user_id=ann&client_id=tab", new CopyOnWriteArrayList<>());
        await().until(() -> get(node.groupCount("lobby")) == 1);
        connect("/ws/lobby", new CopyOnWriteArrayList<>());
        await().until(() -> get(node.groupCount("lobby")) == 2);
        JsonObject stats = new JsonObject(request("/ws/lobby/stats").body());
        assertThat(stats.fieldNames())
                .containsExactly(
                        "room_id",
                        "connection_count",
                        "connections",
                        "messages_sent",
                        "messages_received",
                        "last_activity");
        JsonObject ann = stats.getJsonArray("connections").getJsonObject(0);
        assertThat(ann.fieldNames())
                .containsExactly("id", "room_id", "user_id", "client_id", "connected_at", "transport", "node");
        assertThat(ann.getString("user_id")).isEqualTo("ann");
        assertThat(ann.getString("client_id")).isEqualTo("tab");
        assertThat(ann.getString("connected_at")).matches("\\S+T\\S+\\.\\d{3}Z");
        assertThat(ann.getString("transport")).isEqualTo("websocket");
        assertThat(ann.getString("node")).isEqualTo("n1");
        JsonObject nobody = stats.getJsonArray("connections").getJsonObject(1);
        assertThat(nobody.getValue("user_id")).isNull();
        assertThat(new JsonObject(request("/ws/empty/stats").body()))
                .isEqualTo(new JsonObject(
                        "{\"room_id\":\"empty\",\"connection_count\":0,\"connections\":[],\"messages_sent\":0,"
                                + "\"messages_received\":0,\"last_activity\":null}"));
        assertThat(new JsonObject(request("/ws/stats").body()).getInteger("total_connections"))
                .isEqualTo(2);
        assertThat(new JsonObject(request("/api/health").body()))
                .isEqualTo(new JsonObject("{\"status\":\"up\",\"serverId\":\"n1\",\"connectedClients\":2}"));
    }

    @Test
    @DisplayName("the front page is HTML that no other page may frame")
    void frontPage() throws Exception {
        HttpResponse<String> page = request("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("frame-ancestors 'none'"));
        assertThat(page.body()).contains("<title>", "/client/");
    }

    @Test
    @DisplayName("HEAD is GET without a body; other methods are 405 and say so")
    void methods() throws Exception {
        URI health = URI.create("http://127.0.0.1:" + node.port() + "/health");
        HttpResponse<String> head = http.send(
                HttpRequest.newBuilder(health)
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        HttpResponse<String> delete =
                http.send(HttpRequest.newBuilder(health).DELETE().build(), HttpResponse.BodyHandlers.ofString());
        assertThat(delete.statusCode()).isEqualTo(405);
        assertThat(delete.headers().firstValue("allow")).hasValue("GET, HEAD");
    }
}

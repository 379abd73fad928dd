package dev.muster.node.cluster;

import static org.awaitility.Awaitility.await;

import dev.muster.node.Node;
import dev.muster.node.NodeBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Some nodes of one cluster in this process, and clients of them. */
final class Cluster implements AutoCloseable {

    final Vertx vertx = Vertx.vertx();
    final WebSocketClient sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
            .setMaxConnections(10_000)
            .setMaxFrameSize(16 << 20)
            .setMaxMessageSize(16 << 20));
    private final HttpClient http = HttpClient.newHttpClient();
    private final Backend.Share share;
    final List<Node> nodes = new ArrayList<>();

    Cluster(Backend backend, int count) {
        this(backend, count, UnaryOperator.identity());
    }

    Cluster(Backend backend, int count, UnaryOperator<NodeBuilder> more) {
        this(backend.open(), count, more);
    }

    Cluster(Backend.Share share, int count, UnaryOperator<NodeBuilder> more) {
        this.share = share;
        try {
            for (int i = 0; i < count; i++) {
                nodes.add(Client.get(more.apply(share.node("n" + i)).start()));
            }
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> nodes.stream().allMatch(Node::isReady));
    }

    Node node(int index) {
        return nodes.get(index % nodes.size());
    }

    /** A relay member whose hello has been read. */
    Client relay(int node, String roomAndQuery) {
        Client client = open(node, "/ws/" + roomAndQuery, null);
        client.hello();
        return client;
    }

    Client chat(int node, String room) {
        return open(node, "/ws/chat/" + room, "valid-token");
    }

    Client open(int node, String path, String token) {
        return Client.connect(sockets, node(node).port(), path, token);
    }

    JsonObject json(int node, String path) {
        return new JsonObject(get(node, path).body());
    }

    HttpResponse<String> get(int node, String path) {
        return send(HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + node(node).port() + path))
                .build());
    }

    /** The figures of a node, as Prometheus reads them. */
    String metrics(int node) {
        return send(HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + node(node).port() + "/metrics"))
                        .header("Accept", "text/plain")
                        .build())
                .body();
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        // One after another, as one stops real nodes: what a node held has time to move.
        nodes.forEach(node -> Client.get(node.close()));
        Client.get(vertx.close());
        share.close();
    }
}

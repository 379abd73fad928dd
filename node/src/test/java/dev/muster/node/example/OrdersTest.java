package dev.muster.node.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.Node;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The example of the page on events runs, and is the one that is printed. */
class OrdersTest {

    @Test
    @DisplayName("an order from the right country is announced once")
    void runs() {
        Node node = Orders.start(0);
        Vertx vertx = Vertx.vertx();
        try {
            List<JsonObject> got = new CopyOnWriteArrayList<>();
            WebSocketClient client = vertx.createWebSocketClient();
            var socket = client.webSocket();
            socket.textMessageHandler(text -> got.add(new JsonObject(text)));
            socket.connect(node.port(), "127.0.0.1", "/ws?events=shop.ordered").await();
            for (String country : List.of("us", "de")) {
                socket.writeTextMessage(order("o-" + country, country, 2));
                socket.writeTextMessage(order("o-" + country, country, 2));
            }
            socket.writeTextMessage(order("x", "fr", 99)).await();
            socket.writeTextMessage(order("y", "fr", 3)).await();
            await().until(() -> got.size() >= 4);
            assertThat(got).hasSize(4);
            List<JsonObject> ordered = payloads(got, "shop.ordered");
            assertThat(ordered).extracting(event -> event.getInteger("count")).containsExactly(2, 3);
            JsonObject error = payloads(got, "server.error").get(0);
            assertThat(error.getString("messageId")).isEqualTo("x");
            assertThat(error.getJsonArray("issues").getJsonObject(0).getString("path"))
                    .isEqualTo("count");
        } finally {
            node.close().await();
            vertx.close().await();
        }
    }

    private static List<JsonObject> payloads(List<JsonObject> frames, String channel) {
        return frames.stream()
                .filter(frame -> frame.getString("channel").equals(channel))
                .map(frame -> frame.getJsonObject("payload"))
                .toList();
    }

    private static String order(String id, String country, int count) {
        return new JsonObject()
                .put("type", "publish")
                .put("channel", "client.order")
                .put("messageId", id)
                .put("attributes", new JsonObject().put("shop", new JsonObject().put("country", country)))
                .put("payload", new JsonObject().put("item", "tea").put("count", count))
                .encode();
    }

    @Test
    @DisplayName("the documentation shows the example as it is compiled")
    void shown() throws Exception {
        String source = Files.readString(Path.of("src/test/java/dev/muster/node/example/Orders.java"));
        String body = source.substring(source.indexOf("// example") + "// example".length(), source.indexOf("// end"));
        String page = Files.readString(Path.of("../docs/events.md"));
        assertThat(page.replaceAll("\\s", "")).contains(body.replaceAll("\\s", ""));
    }
}

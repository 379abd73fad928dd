package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.Interception;
import dev.muster.node.Node;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.mock.InMemoryCluster;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Changes whose way from the registry back to the node that made them takes long. */
class SyncDelayTest {

    final Vertx vertx = Vertx.vertx();
    final WebSocketClient sockets = vertx.createWebSocketClient();

    Node node;
    SyncClient client;

    @BeforeEach
    void start() {
        ConnectionRegistry memory =
                InMemoryCluster.create(vertx).registry(RegistryContext.of(vertx, "test", "n", Map.of()));
        node = Client.get(Node.builder()
                .vertx(vertx)
                .nodeId("n")
                .port(0)
                .registry(late(memory))
                .start());
        client = new SyncClient(Client.connect(sockets, node.port(), "/ws/sync?user_id=ann", null));
    }

    /** Whose publications come 100 ms later than they would. */
    private ConnectionRegistry late(ConnectionRegistry registry) {
        Context context = vertx.getOrCreateContext();
        return Interception.of(ConnectionRegistry.class, (method, args) -> {
            if (method.getName().equals("start")) {
                RegistryListener listener = (RegistryListener) args[0];
                args[0] = Interception.of(RegistryListener.class, (event, what) -> {
                    if (!event.getName().equals("onPublication")) {
                        return event.invoke(listener, what);
                    }
                    // Of one context, so that they stay in order.
                    context.runOnContext(now -> vertx.setTimer(
                            100, later -> listener.onPublication((String) what[0], (Publication) what[1])));
                    return null;
                });
            }
            return method.invoke(registry, args);
        });
    }

    @AfterEach
    void stop() {
        Client.get(node.close());
        Client.get(vertx.close());
    }

    @Test
    @DisplayName("what a client was told is done it may change further at once")
    void own() {
        String entity = client.spawn("Name", new JsonObject().put("name", "a"));
        for (int i = 0; i < 5; i++) {
            JsonObject position = new JsonObject().put("x", i).put("y", 0.0).put("z", 0.0);
            assertThat(client.mutate(entity, "Position", position).getString("status"))
                    .isEqualTo("Ok");
            JsonObject remove =
                    new JsonObject().put("type", "remove").put("entity", entity).put("component", "Position");
            assertThat(client.ask(remove).getString("status")).isEqualTo("Ok");
        }
        JsonObject none =
                new JsonObject().put("type", "remove").put("entity", entity).put("component", "Position");
        assertThat(client.ask(none).getString("status")).isEqualTo("NotFound");
    }
}

package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.Node;
import dev.muster.node.schema.RelaySchema.EntitySpawn;
import dev.muster.node.schema.RelaySchema.Message;
import dev.muster.node.schema.RelaySchema.MessageType;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryTimings;
import dev.muster.registry.mock.InMemoryCluster;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A hello that takes long, because the registry does not say how far the space is. */
class HelloOrderTest {

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient sockets = vertx.createWebSocketClient();
    private final Promise<Void> answer = Promise.promise();
    private final AtomicInteger asked = new AtomicInteger();

    private final Node node = Client.get(Node.builder()
            .registry(slow(InMemoryCluster.create(vertx)
                    .registry(new RegistryContext(
                            vertx,
                            "test",
                            "n0",
                            Clock.systemUTC(),
                            System::nanoTime,
                            RegistryTimings.DEFAULT,
                            RegistryContext.DEFAULT_MAX_PAYLOAD,
                            Map.of()))))
            .nodeId("n0")
            .port(0)
            // On one loop all members are brought a frame in one go.
            .option("event-loops", "1")
            .option("room-space", "hall=world")
            .start());

    /** A registry that answers whoever wants to catch up with a space only when the test says so. */
    private ConnectionRegistry slow(ConnectionRegistry real) {
        return (ConnectionRegistry) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ConnectionRegistry.class}, (self, method, args) -> {
                    Object result;
                    try {
                        result = method.invoke(real, args);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                    if (!method.getName().equals("heads") || !isFence()) {
                        return result;
                    }
                    asked.incrementAndGet();
                    return answer.future().compose(now -> (Future<?>) result);
                });
    }

    private static boolean isFence() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().contains("fence")));
    }

    @AfterEach
    void stop() {
        answer.tryComplete();
        Client.get(node.close());
        Client.get(vertx.close());
    }

    private Client member(String clientId) {
        String path = "/ws/hall?binary=protobuf&client_id=" + clientId;
        Client client = Client.connect(sockets, node.port(), path, null);
        client.hello();
        return client;
    }

    private static Message.Builder message(MessageType type) {
        return Message.newBuilder().setMessageId("m").setTimestamp(1).setType(type);
    }

    @Test
    @DisplayName(
            "what is said in the room while a hello is made comes behind it, for who asked, and at once for all others")
    void behind() {
        Client reader = member("reader");
        Client other = member("other");
        Client writer = member("writer");
        reader.say(message(MessageType.CLIENT_HELLO).build().toByteArray());
        await().atMost(Duration.ofSeconds(20)).until(() -> asked.get() == 1);
        byte[] spawned = message(MessageType.ENTITY_SPAWN)
                .setEntitySpawn(EntitySpawn.newBuilder().setEntityId("box"))
                .build()
                .toByteArray();
        String frame = "0x" + HexFormat.of().formatHex(spawned);
        writer.say(spawned).say("marker");
        other.awaitFrame(frame).awaitFrame("marker");
        assertThat(reader.got).doesNotContain(frame, "marker");
        answer.complete();
        reader.awaitFrame(frame).awaitFrame("marker");
        // Joins, and the hello, which is the first frame behind them.
        int at = reader.got.indexOf(frame);
        assertThat(reader.got.get(at - 1))
                .contains(HexFormat.of().formatHex("reader".getBytes(StandardCharsets.UTF_8)));
        assertThat(reader.got.get(at + 1)).isEqualTo("marker");
        writer.say("later");
        reader.awaitFrame("later");
        assertThat(reader.got).doesNotHaveDuplicates();
    }
}

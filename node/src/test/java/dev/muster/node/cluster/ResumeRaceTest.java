package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.Interception;
import dev.muster.node.Node;
import dev.muster.node.NodeBuilder;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.mock.InMemoryCluster;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two that come back at once with one token, in the orders that are rare. */
class ResumeRaceTest {

    static final int HOLDER = 0;
    static final int FAST = 1;
    static final int SLOW = 2;

    final Vertx vertx = Vertx.vertx();
    /** What the slow node sends to other nodes waits for this. */
    final Promise<Void> mayAsk = Promise.promise();
    /** The slow node has something to send. */
    final Promise<Void> asks = Promise.promise();

    Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(new InMemoryShare(), 3, UnaryOperator.identity());
    }

    @AfterEach
    void stop() {
        cluster.close();
        Client.get(vertx.close());
    }

    @Test
    @DisplayName("a request to let go that comes after another client got the session does not put that one out")
    void lateRequest() {
        AckClient client = relay("").connect(() -> port(HOLDER));
        String resume = "&resume=" + client.hello().getString("resume");

        AckClient slow = relay(resume).connect(() -> port(SLOW));
        Client.get(asks.future());
        AckClient fast = relay(resume).connect(() -> port(FAST));
        assertThat(fast.hello().getBoolean("recovered")).isTrue();
        assertThat(client.closeCode()).isEqualTo(4504);
        mayAsk.complete();

        assertThat(slow.closeCode()).isEqualTo(4504);
        Client.get(cluster.node(HOLDER).sendToGroup("lobby", "hello"));
        assertThat(fast.taken(1)).containsExactly("hello");
        assertThat(fast.isClosed()).isFalse();
        assertThat(Client.get(cluster.node(HOLDER).groupCount("lobby"))).isEqualTo(1);
    }

    private AckClient relay(String query) {
        return new AckClient("/ws/lobby?ack=true" + query, null);
    }

    private int port(int node) {
        return cluster.node(node).port();
    }

    /** What a node sends to the holder of a connection is held back. */
    private ConnectionRegistry holdingBack(ConnectionRegistry registry) {
        return Interception.of(ConnectionRegistry.class, (method, args) -> {
            if (!method.getName().equals("send")) {
                return method.invoke(registry, args);
            }
            asks.tryComplete();
            return mayAsk.future().compose(now -> registry.send((String) args[0], (Buffer) args[1]));
        });
    }

    private final class InMemoryShare implements Backend.Share {
        private final InMemoryCluster memory = InMemoryCluster.create(vertx);

        @Override
        public NodeBuilder node(String id) {
            ConnectionRegistry registry = memory.registry(RegistryContext.of(vertx, "test", id, Map.of()));
            return Node.builder()
                    .vertx(vertx)
                    .nodeId(id)
                    .port(0)
                    .registry(id.equals("n" + SLOW) ? holdingBack(registry) : registry);
        }

        @Override
        public void close() {}
    }
}

package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.cluster.AckClient;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A session outlives its node, killed, and the backend, restarted. */
class SessionIT {

    private static final int PORTION = 500;

    @Test
    @DisplayName("a node killed, Redis killed and started again: all messages, in order, once")
    void killed() {
        try (Cluster cluster = new Cluster(Cluster.Kind.REDIS, 3)) {
            AckClient client = new AckClient("/ws/lobby?ack=true", null)
                    .connect(() -> cluster.node(0).port());
            client.hello();
            WsClient ann = WsClient.relay(cluster.node(1).ws("/ws/lobby?user_id=ann"));

            say(ann, 0);
            cluster.node(0).signal("KILL");
            say(ann, PORTION);
            comeBack(client, cluster.node(2)::port);
            client.taken(2 * PORTION);

            cluster.redis().kill();
            // What is said while a node has not noticed is refused, and rightly not heard.
            Patience.await("noticed")
                    .until(() -> cluster.node(1).get("/ready").statusCode() == 503
                            && cluster.node(2).get("/ready").statusCode() == 503);
            cluster.redis().start();
            Patience.await("ready")
                    .until(() -> cluster.node(1).get("/ready").statusCode() == 200
                            && cluster.node(2).get("/ready").statusCode() == 200);
            say(ann, 2 * PORTION);
            client.taken(2 * PORTION + 1);
            client.cut();
            comeBack(client, cluster.node(1)::port);
            say(ann, 3 * PORTION);

            assertThat(client.taken(4 * PORTION))
                    .isEqualTo(IntStream.range(0, 4 * PORTION)
                            .mapToObj(i -> "m" + i)
                            .toList());
            assertThat(client.gaps()).isZero();
            assertThat(client.last()).isEqualTo(4 * PORTION);
            ann.close();
        }
    }

    @Test
    @DisplayName("a node killed over Hazelcast: all messages, in order, once")
    void killedMember() {
        try (Cluster cluster = new Cluster(Cluster.Kind.HAZELCAST, 3)) {
            AckClient client = new AckClient("/ws/lobby?ack=true", null)
                    .connect(() -> cluster.node(0).port());
            client.hello();
            WsClient ann = WsClient.relay(cluster.node(1).ws("/ws/lobby?user_id=ann"));
            say(ann, 0);
            client.taken(PORTION);
            cluster.node(0).signal("KILL");
            comeBack(client, cluster.node(2)::port);
            say(ann, PORTION);

            assertThat(client.taken(2 * PORTION))
                    .isEqualTo(IntStream.range(0, 2 * PORTION)
                            .mapToObj(i -> "m" + i)
                            .toList());
            assertThat(client.gaps()).isZero();
            ann.close();
        }
    }

    private static void comeBack(AckClient client, IntSupplier port) {
        assertThat(client.connectUntilGreeted(port).getBoolean("recovered")).isTrue();
    }

    private static void say(WsClient from, int first) {
        AtomicInteger next = new AtomicInteger(first);
        while (next.get() < first + PORTION) {
            from.say("m" + next.getAndIncrement());
        }
    }
}

package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.cluster.AckClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Everything at once: sockets cut, a node killed, the backend killed, on both sides of a conversation. */
class StormIT {

    private static final int MESSAGES = 10_000;
    private static final int PORTION = 100;
    private static final int CUTS = 100;
    private static final int NODES = 3;

    /** The node that is killed is the first; the others stay. */
    private final AtomicInteger firstAlive = new AtomicInteger();

    @Test
    @DisplayName(
            "10,000 messages over three nodes, one of them killed and Redis too, the listener cut 100 times: all, once,"
                    + " in the order in which all see them")
    void storm() throws Exception {
        try (Cluster cluster = new Cluster(Cluster.Kind.REDIS, NODES)) {
            AckClient steady = new AckClient("/ws/lobby?ack=true", null)
                    .connect(() -> cluster.node(NODES - 1).port());
            steady.hello();
            AckClient listener = new AckClient("/ws/lobby?ack=true", null).connect(() -> anyPort(cluster));
            listener.hello();
            CompletableFuture<Integer> speaking = CompletableFuture.supplyAsync(() -> sayAll(cluster, listener));
            for (int cut = 1; cut <= CUTS; cut++) {
                int until = MESSAGES / (CUTS + 1) * cut;
                Patience.await(until + " messages").until(() -> listener.taken.size() >= until);
                if (cut == CUTS / 3) {
                    firstAlive.set(1);
                    cluster.node(0).signal("KILL");
                } else if (cut == 2 * CUTS / 3) {
                    cluster.redis().kill();
                    cluster.redis().start();
                }
                listener.cut();
                assertThat(listener.connectUntilGreeted(() -> anyPort(cluster)).getBoolean("recovered"))
                        .as("cut %d", cut)
                        .isTrue();
            }
            int saidAgain = speaking.get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);

            List<String> all = listener.taken(MESSAGES);
            assertThat(all).containsExactlyInAnyOrderElementsOf(numbered(0, MESSAGES));
            assertThat(steady.taken(MESSAGES))
                    .as("what somebody sees who was never cut")
                    .isEqualTo(all);
            assertThat(listener.gaps()).isZero();
            assertThat(listener.last()).isEqualTo(MESSAGES);
            assertThat(saidAgain).as("messages said again").isPositive();
        }
    }

    /** Portion by portion, each from the node that chance wants; how many had to be said again. */
    private int sayAll(Cluster cluster, AckClient listener) {
        Speaker speaker = new Speaker(() -> anyPort(cluster));
        for (int first = 0; first < MESSAGES; first += PORTION) {
            // Not far ahead, so that each failure falls into the flow.
            int heard = first - 10 * PORTION;
            Patience.await("the listener keeps up").until(() -> listener.taken.size() >= heard);
            speaker.say(numbered(first, first + PORTION));
            if (first % (5 * PORTION) == 0) {
                speaker.move();
            }
        }
        return speaker.again();
    }

    private static List<String> numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    private int anyPort(Cluster cluster) {
        return cluster.node(ThreadLocalRandom.current().nextInt(firstAlive.get(), NODES))
                .port();
    }
}

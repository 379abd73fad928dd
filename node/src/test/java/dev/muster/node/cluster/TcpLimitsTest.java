package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.node.NodeBuilder;
import dev.muster.node.connection.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What raw sockets may cost: time, messages, connections and memory. */
class TcpLimitsTest {

    private final List<TcpClient> clients = new ArrayList<>();
    private Cluster cluster;

    private void start(UnaryOperator<NodeBuilder> options) {
        cluster = new Cluster(Backend.MEMORY, 1, node -> options.apply(node.option("tcp-port", 0)));
    }

    @AfterEach
    void stop() {
        clients.forEach(TcpClient::close);
        cluster.close();
    }

    private TcpClient tcp() {
        TcpClient client = new TcpClient(cluster.node(0).tcpPort().orElseThrow());
        clients.add(client);
        return client;
    }

    /** A figure of the node; 0 if it is not there. */
    private double figure(String name) {
        return cluster.metrics(0)
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String closed(int code, String reason) {
        return "muster_connections_closed_total{by=\"server\",code=\"" + code + "\",protocol=\"packet\",reason=\""
                + reason + "\",transport=\"tcp\"}";
    }

    @Test
    @DisplayName("--tcp-idle ends who is silent, and not who says anything; without it nobody is ended")
    void idle() {
        start(node -> node.option("tcp-idle", "4s"));
        // The first look at the figures takes long.
        figure("nothing");
        long began = System.nanoTime();
        tcp();
        TcpClient lively = tcp();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    lively.send(PacketBytes.say("here"));
                    return figure(closed(4004, "no_pong")) == 1;
                });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(3_000));
        await().until(() -> cluster.node(0).count() == 1);
        Client relay = cluster.relay(0, "lobby");
        lively.send(PacketBytes.say("still here"));
        relay.awaitMatch("still here");
    }

    @Test
    @DisplayName("--limit-messages drops what is over it, counts it, and ends who goes on; others notice nothing")
    void messages() {
        start(node -> node.option("limit-messages", "5/1"));
        Client relay = cluster.relay(0, "lobby");
        TcpClient flood = tcp();
        byte[][] ten = new byte[10][];
        for (int i = 0; i < ten.length; i++) {
            ten[i] = PacketBytes.say("m" + i);
        }
        flood.send(ten);
        await().until(() -> figure("muster_bad_input_total{code=\"rate_limited\",protocol=\"packet\"}") >= 1);
        relay.say("marker");
        await().until(() -> relay.got.size() >= 5);
        assertThat(relay.got).hasSize(5).allMatch(frame -> frame.contains("\"text\":\"m"));
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (figure(closed(4008, "too_many_requests")) == 1) {
                        return true;
                    }
                    flood.sendIfOpen(PacketBytes.say("more"), PacketBytes.say("more"));
                    return false;
                });
        assertThat(flood.rest())
                .as("it is ended, and heard what others said before")
                .doesNotContain("more");
        assertThat(relay.isClosed()).isFalse();
    }

    @Test
    @DisplayName("--limit-connections shuts out an address that comes too often, over both transports together")
    void connections() {
        start(node -> node.option("limit-connections", "3/60").option("limit-loopback", "true"));
        cluster.relay(0, "lobby");
        tcp();
        tcp();
        await().until(() -> cluster.node(0).count() == 3);
        assertThat(tcp().rest()).isIn("", "reset");
        assertThat(figure("muster_requests_refused_total{reason=\"limit\",status=\"429\"}"))
                .isEqualTo(1);
        assertThat(cluster.node(0).count()).isEqualTo(3);
    }

    @Test
    @DisplayName(
            "who does not read is ended when its outbox is full, and costs no more than that; others hear everything")
    void slow() {
        start(node -> node);
        String text = "x".repeat(16 << 10);
        tcp();
        await().until(() -> cluster.node(0).count() == 1);
        Connection victim = cluster.node(0).all().iterator().next();
        TcpClient reader = tcp();
        await().until(() -> Client.get(cluster.node(0).groupCount("lobby")) == 2);
        long most = 0;
        int said = 0;
        while (victim.isOpen()) {
            assertThat(said).as("it is still open after so many").isLessThan(4_000);
            Client.get(cluster.node(0).sendToGroup("lobby", text));
            said++;
            // The reader has each before the next is said, so it never has a reason to be slow.
            assertThat(reader.heard()).endsWith(text);
            most = Math.max(most, victim.pendingBytes());
        }
        assertThat(most).isLessThanOrEqualTo((1L << 20) + (64 << 10) + 2L * (20 << 10));
        assertThat(victim.pendingBytes()).isLessThan(128 << 10);
        await().until(() -> figure(closed(4002, "slow")) == 1);
        Client.get(cluster.node(0).sendToGroup("lobby", "last"));
        assertThat(reader.heard()).endsWith("last");
        await().until(() -> cluster.node(0).count() == 1);
    }
}

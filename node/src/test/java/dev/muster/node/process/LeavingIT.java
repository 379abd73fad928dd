package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A node goes, in order or not: each of its members leaves everywhere, exactly once. */
@ParameterizedClass(name = "{0}")
@EnumSource(Cluster.Kind.class)
class LeavingIT {

    private static final String ROOM = "lobby";
    private static final String JOINED = "John Doe joined the room";
    private static final String LEFT = "John Doe left the room";
    private static final int MEMBERS = 5;

    @Parameter
    Cluster.Kind kind;

    private Cluster cluster;
    private final List<WsClient> stay = new ArrayList<>();
    private final List<WsClient> go = new ArrayList<>();

    @BeforeEach
    void start() {
        cluster = new Cluster(kind, 3);
        stay.add(WsClient.chat(cluster.node(0).ws("/ws/chat/" + ROOM)));
        stay.add(WsClient.chat(cluster.node(1).ws("/ws/chat/" + ROOM)));
        for (int i = 0; i < MEMBERS; i++) {
            go.add(WsClient.chat(cluster.node(2).ws("/ws/chat/" + ROOM)));
        }
        // Each hears of itself and of all who came after: one that came late would be taken for another one.
        for (int i = 0; i < stay.size(); i++) {
            WsClient client = stay.get(i);
            int heard = stay.size() - i + MEMBERS;
            Patience.await("all joined").until(() -> client.count(JOINED) == heard);
            client.forget();
        }
    }

    @AfterEach
    void stop() {
        stay.forEach(WsClient::close);
        go.forEach(WsClient::close);
        cluster.close();
    }

    @Test
    @DisplayName("SIGTERM: members leave at once, sockets are closed with 4001, the exit code is 0")
    void terminated() {
        cluster.node(2).signal("TERM");
        for (WsClient client : go) {
            assertThat(client.closeCode()).isEqualTo(4001);
        }
        assertThat(cluster.node(2).exitCode()).isZero();
        leftOnce(Duration.ofSeconds(5));
        assertThat(cluster.node(2).out()).last().isEqualTo("Stopped.");
    }

    @Test
    @DisplayName("kill -9: its members are gone everywhere within 12 s, each with one leave")
    void killed() {
        cluster.node(2).signal("KILL");
        leftOnce(Duration.ofSeconds(12));
        for (WsClient client : go) {
            assertThat(client.closeCode()).isEqualTo(WsClient.ABNORMAL);
        }
    }

    private void leftOnce(Duration within) {
        Patience.await("all left", within).until(() -> stay.stream().allMatch(client -> client.count(LEFT) >= MEMBERS));
        assertThat(cluster.node(0).members(ROOM)).isEqualTo(2);
        assertThat(cluster.node(1).members(ROOM)).isEqualTo(2);
        stay.get(0).say("marker");
        for (WsClient client : stay) {
            client.awaitFrame("[John Doe]: marker");
            assertThat(client.count(LEFT)).isEqualTo(MEMBERS);
            assertThat(client.count(JOINED)).isZero();
        }
    }

    @Test
    @DisplayName("SIGSTOP beyond the lease, then SIGCONT: gone with one leave each, and back as one member each")
    void frozen() {
        cluster.node(2).signal("STOP");
        Patience.await("all left").until(() -> stay.stream().allMatch(client -> client.count(LEFT) >= MEMBERS));
        assertThat(cluster.node(0).members(ROOM)).isEqualTo(2);
        cluster.node(2).signal("CONT");

        Patience.await("it is ready again")
                .until(() -> cluster.node(2).get("/ready").statusCode() == 200);
        for (int i = 0; i < 3; i++) {
            MusterProcess node = cluster.node(i);
            Patience.await("its members are back")
                    .until(() -> node.members(ROOM)
                            == 2 + go.stream().filter(WsClient::isOpen).count());
        }
        for (WsClient client : stay) {
            Patience.await("joins and leaves are told")
                    .untilAsserted(() -> assertThat(client.count(JOINED))
                            .isEqualTo(go.stream().filter(WsClient::isOpen).count()));
        }
        stay.forEach(client -> assertThat(client.count(LEFT)).isEqualTo(MEMBERS));
        stay.get(0).say("after the pause");
        go.stream().filter(WsClient::isOpen).forEach(client -> client.awaitFrame("[John Doe]: after the pause"));
    }
}

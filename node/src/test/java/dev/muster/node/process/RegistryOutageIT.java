package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Redis goes and comes back: sockets stay, errors are quick, and everything works again by itself. */
class RegistryOutageIT {

    private static final String ROOM = "lobby";

    /** Two seconds for the registry to give up, and one for the way there and back on a busy machine. */
    private static final Duration ANSWER = Duration.ofSeconds(3);

    private Cluster cluster;
    private WsClient ann;
    private WsClient bob;
    private WsClient chat;

    @BeforeEach
    void start() {
        cluster = new Cluster(Cluster.Kind.REDIS, 2);
        ann = WsClient.relay(cluster.node(0).ws("/ws/" + ROOM + "?user_id=ann"));
        bob = WsClient.relay(cluster.node(1).ws("/ws/" + ROOM + "?user_id=bob"));
        chat = WsClient.chat(cluster.node(1).ws("/ws/chat/" + ROOM));
        ann.say("before");
        bob.awaitFrame("before");
        chat.forget();
    }

    @AfterEach
    void stop() {
        List.of(ann, bob, chat).forEach(WsClient::close);
        cluster.close();
    }

    @Test
    @DisplayName("Redis frozen and thawed")
    void frozen() {
        cluster.redis().freeze();
        refused();
        cluster.redis().thaw();
        recovered();
    }

    @Test
    @DisplayName("Redis killed and started again")
    void killed() {
        cluster.redis().kill();
        refused();
        cluster.redis().start();
        recovered();
    }

    private void refused() {
        ann.forget();
        ann.say("lost");
        String error = ann.awaitFrame(frame -> frame.contains("\"ERROR\""), ANSWER);
        assertThat(new JsonObject(error).getString("code")).isEqualTo("registry_unavailable");
        for (MusterProcess node : cluster.nodes()) {
            Patience.await("not ready").until(() -> node.get("/ready").statusCode() == 503);
            assertThat(new JsonObject(node.get("/ready").body()).getString("status"))
                    .isEqualTo("registry_unavailable");
            assertThat(node.get("/health").statusCode()).isEqualTo(200);
            assertThat(node.get("/ws/stats").statusCode()).isEqualTo(503);
        }
        assertThat(List.of(ann, bob, chat)).allMatch(WsClient::isOpen);
    }

    private void recovered() {
        for (MusterProcess node : cluster.nodes()) {
            Patience.await("ready").until(() -> node.get("/ready").statusCode() == 200);
            Patience.await("all are members").until(() -> node.members(ROOM) == 3);
        }
        bob.forget();
        ann.say("after");
        bob.awaitFrame("after");
        bob.say("answer");
        ann.awaitFrame("answer");
        chat.awaitFrame("[bob]: answer");
        assertThat(chat.got()).noneMatch(line -> line.endsWith("left the room") || line.endsWith("joined the room"));
        assertThat(bob.count("after")).isEqualTo(1);
        assertThat(List.of(ann, bob, chat)).allMatch(WsClient::isOpen);
    }
}

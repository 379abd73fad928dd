package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who joins is given what it asks for of the room's past, all or nothing, before anything new. */
@ParameterizedClass
@EnumSource(Backend.class)
class HistoryAcrossNodesTest {

    private static final int SAID = 120;

    @Parameter
    Backend backend;

    Cluster cluster;
    Client ann;

    @BeforeEach
    void start() {
        cluster = new Cluster(backend, 2);
        ann = cluster.relay(0, "lobby?user_id=ann");
        Client marker = cluster.relay(1, "lobby?user_id=bob");
        for (int i = 1; i <= SAID; i++) {
            ann.say("m" + i);
        }
        marker.frames(SAID);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static List<String> said(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "m" + i).collect(Collectors.toCollection(ArrayList::new));
    }

    @Test
    @DisplayName("the newest messages, as many as asked for and kept, in order before what is new")
    void newest() {
        for (Map.Entry<String, List<String>> each : Map.of(
                        "5", said(116, 120), "100", said(21, 120), "500", said(21, 120))
                .entrySet()) {
            Client late = cluster.open(1, "/ws/lobby?history=" + each.getKey(), null);
            JsonObject hello = late.hello();
            assertThat(hello.getBoolean("recovered")).as(hello.encode()).isTrue();
            assertThat(late.frames(each.getValue().size())).isEqualTo(each.getValue());
        }
        Client chat = cluster.open(0, "/ws/chat/lobby?history=2", "valid-token");
        chat.awaitFrame("John Doe joined the room");
        ann.say("new");
        assertThat(chat.frames(5))
                .containsExactly(
                        "Welcome John Doe to lobby!",
                        "[ann]: m119",
                        "[ann]: m120",
                        "John Doe joined the room",
                        "[ann]: new");
    }

    @Test
    @DisplayName("with acknowledgements history is numbered, and resumed like everything else")
    void acknowledged() {
        AckClient client = new AckClient("/ws/chat/lobby?ack=true&history=3", "valid-token")
                .acking(false)
                .connect(() -> cluster.node(0).port());
        List<String> expected = new ArrayList<>(said(118, 120));
        expected.add("John Doe joined the room");
        assertThat(client.hello().getBoolean("recovered")).isTrue();
        assertThat(client.taken(4)).isEqualTo(expected);
        client.cut();
        ann.say("new");
        client.acking(true);
        JsonObject hello = client.connectUntilGreeted(() -> cluster.node(1).port());
        expected.add("new");
        assertThat(hello.getBoolean("recovered")).isTrue();
        assertThat(client.taken(5)).isEqualTo(expected);
        assertThat(client.repeated()).isEqualTo(4);
    }

    @Test
    @DisplayName("everything after a position, or a reason why not")
    void since() {
        Client late = cluster.open(1, "/ws/lobby?history=1", null);
        String position = late.hello().getString("position");
        ann.say("one").say("two");
        late.frames(3);
        Client later = cluster.open(0, "/ws/lobby?since=" + position, null);
        assertThat(later.hello().getBoolean("recovered")).isTrue();
        assertThat(later.frames(2)).containsExactly("one", "two");

        String epoch = position.substring(0, position.indexOf(':'));
        Map<String, String> reasons = Map.of(
                "since=nowhere:3",
                "epoch_changed",
                "since=" + epoch + ":99999",
                "ahead",
                "since=" + epoch + ":-1",
                "bad_position",
                "since=" + epoch + ":18446744073709551616",
                "bad_position",
                "since=1",
                "bad_position",
                "since=:1",
                "bad_position",
                "history=0",
                "bad_position",
                "history=-1",
                "bad_position",
                "history=x",
                "bad_position",
                "history=501",
                "limit");
        reasons.forEach((asked, reason) -> {
            Client refused = cluster.open(1, "/ws/lobby?" + asked, null);
            JsonObject hello = refused.hello();
            assertThat(hello.getBoolean("recovered")).as(asked).isFalse();
            assertThat(hello.getString("reason")).as(asked).isEqualTo(reason);
            assertThat(refused.got).isEmpty();
            refused.close();
        });
    }
}

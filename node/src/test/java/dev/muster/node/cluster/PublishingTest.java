package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.muster.node.Node;
import dev.muster.node.connection.Connection;
import dev.muster.node.event.Event;
import dev.muster.node.event.Events;
import dev.muster.node.event.InvalidEvent;
import dev.muster.node.event.Notification;
import dev.muster.node.event.Target;
import dev.muster.node.shape.Length;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What an application publishes goes to whom it is for, wherever they are, and to nobody else. */
@ParameterizedClass
@EnumSource(Backend.class)
class PublishingTest {

    @Event("news.flash")
    record Flash(@Length(min = 1, max = 20) String text) {}

    @Event("client.flash")
    record FromClients(String text) {}

    @Event("news.other")
    record Undeclared(String text) {}

    @Parameter
    Backend backend;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(
                backend,
                2,
                node -> node.events(Events.builder()
                        .declare(Flash.class)
                        .declare(FromClients.class)
                        .build()));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Client events(int node, String query) {
        Client client = cluster.open(node, "/ws" + query, null);
        client.hello();
        return client;
    }

    private void publish(int node, String text, Target target) {
        Client.get(cluster.node(node).publish(new Flash(text)).to(target));
    }

    private static List<String> heard(Client client, int count) {
        await().until(() -> client.got.size() >= count);
        return client.got.stream()
                .map(JsonObject::new)
                .peek(frame -> assertThat(frame.getString("channel")).isEqualTo("news.flash"))
                .map(frame -> frame.getJsonObject("payload").getString("text"))
                .toList();
    }

    private String idOf(int node, Predicate<Connection> which) {
        List<Connection> found = cluster.node(node).filter(which).stream().toList();
        assertThat(found).hasSize(1);
        return found.get(0).id();
    }

    @Test
    @DisplayName(
            "one connection on another node, or on this, and neither its user's others nor those who did not subscribe")
    void toOneConnection() {
        Client here = events(0, "?events=all&user_id=bob");
        Client there = events(1, "?events=news.flash&user_id=bob&room=elsewhere");
        Client deaf = events(1, "?events=server.message&user_id=deaf");
        String thereId = idOf(1, each -> "bob".equals(each.identity().userId()));
        String deafId = idOf(1, each -> "deaf".equals(each.identity().userId()));
        for (int from = 0; from < 2; from++) {
            publish(from, "only you " + from, Target.connection(thereId));
            publish(from, "nobody " + from, Target.connection("nobody-has-this-id"));
            publish(from, "not wanted " + from, Target.connection(deafId));
            publish(from, "all " + from, Target.everybody());
            assertThat(heard(there, 2 * from + 2)).endsWith("only you " + from, "all " + from);
            assertThat(heard(here, from + 1)).endsWith("all " + from);
        }
        assertThat(heard(there, 4)).hasSize(4);
        assertThat(heard(here, 2)).hasSize(2);
        deaf.say("{\"type\":\"publish\",\"channel\":\"client.message\",\"payload\":{\"message\":\"marker\"}}");
        await().until(() -> !deaf.got.isEmpty());
        assertThat(new JsonObject(deaf.got.get(0)).getString("channel")).isEqualTo("server.message");
    }

    @Test
    @DisplayName("all connections of one user, in whatever rooms and on whatever nodes, and nobody else's")
    void toOneUser() {
        Client here = events(0, "?events=all&user_id=bob");
        Client alsoHere = events(0, "?events=news.flash&user_id=bob&room=elsewhere");
        Client there = events(1, "?events=news.flash&user_id=bob");
        Client ann = events(1, "?events=all&user_id=ann");
        Client nobody = events(0, "?events=all");
        for (int from = 0; from < 2; from++) {
            publish(from, "bob " + from, Target.user("bob"));
            publish(from, "Bob " + from, Target.user("Bob"));
            publish(from, "all " + from, Target.everybody());
            for (Client bob : List.of(here, alsoHere, there)) {
                assertThat(heard(bob, 2 * from + 2)).hasSize(2 * from + 2).endsWith("bob " + from, "all " + from);
            }
            for (Client other : List.of(ann, nobody)) {
                assertThat(heard(other, from + 1)).hasSize(from + 1).endsWith("all " + from);
            }
        }
    }

    @Test
    @DisplayName("all in one room, in the order it was said, and nobody elsewhere")
    void toOneRoom() {
        Client here = events(0, "?events=news.flash");
        Client there = events(1, "?events=all");
        Client elsewhere = events(1, "?events=all&room=elsewhere");
        for (int i = 0; i < 20; i++) {
            publish(0, "flash " + i, Target.room("lobby"));
        }
        publish(1, "marker", Target.room("elsewhere"));
        assertThat(heard(here, 20)).hasSize(20).first().isEqualTo("flash 0");
        assertThat(heard(there, 20)).isEqualTo(heard(here, 20));
        assertThat(heard(elsewhere, 1)).containsExactly("marker");
    }

    @Test
    @DisplayName("what is not declared, not valid or not the server's to say is refused where it is published")
    void refused() {
        Client client = events(0, "?events=all");
        Node node = cluster.node(0);
        Target all = Target.everybody();
        assertThatExceptionOfType(InvalidEvent.class)
                .isThrownBy(() -> node.publish(new Flash("")).to(all))
                .satisfies(invalid -> assertThat(invalid.issues().get(0).path()).isEqualTo("text"));
        assertThatExceptionOfType(InvalidEvent.class)
                .isThrownBy(() ->
                        node.publish(new Notification("1", "loud", "t", "m", 0)).to(all));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> node.publish(new Undeclared("x")).to(all))
                .withMessageContaining("not declared");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> node.publish(new FromClients("x")).to(all))
                .withMessageContaining("for clients to publish");
        publish(1, "marker", all);
        assertThat(heard(client, 1)).containsExactly("marker");
    }
}

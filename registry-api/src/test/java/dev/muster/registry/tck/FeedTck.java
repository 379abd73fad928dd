package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.Published;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Listeners that throw, and links that break or lose: R23, and the feeds of R11 over a real link. */
abstract class FeedTck extends TckTest {

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    }

    private void sayMany(TckNode node, String group, int from, int to) {
        List<Future<Published>> published = new ArrayList<>();
        for (int i = from; i < to; i++) {
            published.add(node.registry().publish(group, Draft.text(null, "m" + i), TckNode.ROOMY));
        }
        done(published);
    }

    // ---- R23 ----

    @Test
    void r23_a_listener_that_throws_is_called_again() {
        List<TckNode> nodes = cluster().start(2);
        TckNode listening = nodes.get(1);
        listening.watch("room");
        listening.register("c1");
        listening.events().throwAt(event -> true);
        sayMany(nodes.get(0), "room", 0, 20);
        listening.join("c1", "room");
        for (int i = 0; i < 3; i++) {
            done(nodes.get(0).registry().send("c1", io.vertx.core.buffer.Buffer.buffer("x")));
            done(nodes.get(0).registry().publishAll(Draft.text(null, "x").asFast()));
        }
        settle("room", nodes.get(0), List.of(listening));
        await(
                "all bytes and broadcasts",
                () -> listening.events().count(Event.Sent.class) == 3
                        && listening.events().count(Event.Broadcast.class) == 3);
        TckNode third = cluster().start("n3");
        await(
                "the third node is told of",
                () -> listening.events().all(Event.NodeUp.class).contains(new Event.NodeUp(third.self())));

        assertThat(said(listening, "room")).isEqualTo(numbered(20));
        // Raw: a feed would read from the log what was not delivered.
        assertThat(listening.events().publications("room"))
                .extracting(each -> each.payload().toString())
                .containsAll(numbered(20));
        assertThat(listening.feed("room").ids(Kind.JOINED)).containsExactly("c1");
    }

    @Test
    void r23_callbacks_of_one_group_never_run_at_the_same_time() {
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            for (TckNode node : nodes) {
                Draft draft = Draft.text(null, node + " " + i);
                published.add(node.registry().publish("room", draft, TckNode.ROOMY));
                published.add(node.registry().publish("room", draft.asFast(), TckNode.ROOMY));
            }
        }
        done(published);
        settle("room", nodes);

        for (TckNode node : nodes) {
            assertThat(node.events().overlaps()).isZero();
            assertThat(said(node, "room")).hasSize(450);
        }
    }

    // ---- links ----

    @Test
    void r22_a_link_that_broke_is_told_of_and_what_it_missed_is_read() {
        requires(Capability.CUT_LINK);
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        TckNode cut = nodes.get(1);
        sayMany(nodes.get(0), "room", 0, 20);
        fixture().links().cut(cut);
        sayMany(nodes.get(0), "room", 20, 40);
        await("the node is told", () -> cut.events().count(Event.LinkReplaced.class) > 0);
        settle("room", nodes);

        assertThat(said(cut, "room")).isEqualTo(numbered(40));
        assertSameFeed("room", nodes);
        assertThat(cut.events().count(Event.Unavailable.class)).isZero();
    }

    @Test
    void r11_what_a_link_lost_is_read_when_the_next_publication_shows_the_gap() {
        requires(Capability.LOSE_ON_LINK);
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        sayMany(nodes.get(0), "room", 0, 10);
        try (Links.Loss loss = fixture().links().lose(nodes.get(2))) {
            assertThat(loss).isNotNull();
            sayMany(nodes.get(0), "room", 10, 30);
            settle("room", nodes.subList(0, 2));
        }
        settle("room", nodes);

        assertThat(said(nodes.get(2), "room")).isEqualTo(numbered(30));
        assertSameFeed("room", nodes);
    }

    @Test
    void r11_the_last_publication_that_a_link_lost_is_found_without_another() {
        requires(Capability.LOSE_ON_LINK);
        List<TckNode> nodes = cluster().start(2);
        nodes.forEach(node -> node.watch("room"));
        sayMany(nodes.get(0), "room", 0, 10);
        await("the first ten", () -> said(nodes.get(1), "room").size() == 10);
        try (Links.Loss loss = fixture().links().lose(nodes.get(1))) {
            assertThat(loss).isNotNull();
            sayMany(nodes.get(0), "room", 10, 11);
            await("it arrives elsewhere", () -> said(nodes.get(0), "room").size() == 11);
        }

        await("it is found", () -> said(nodes.get(1), "room").size() == 11);
        assertThat(said(nodes.get(1), "room")).isEqualTo(numbered(11));
        assertThat(nodes.get(1).feed("room").resets()).isEmpty();
    }
}

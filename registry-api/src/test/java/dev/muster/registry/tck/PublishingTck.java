package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is published, in which order, and who hears it: R11 to R14. */
abstract class PublishingTck extends TckTest {

    private static Future<Published> publish(TckNode node, String group, String text) {
        return node.registry().publish(group, Draft.text(null, text), TckNode.ROOMY);
    }

    // ---- R11, R13 ----

    @Test
    void r11_all_nodes_are_fed_the_same_dense_sequence() {
        List<TckNode> nodes = cluster().start(3);
        Position start = nodes.get(0).watch("room");
        nodes.forEach(node -> node.watch("room"));
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            for (TckNode node : nodes) {
                published.add(publish(node, "room", node + " says " + i));
            }
        }
        List<Position> positions =
                done(published).stream().map(Published::position).toList();
        settle("room", nodes);

        List<Publication> fed = nodes.get(0).feed("room").ordered();
        assertThat(fed).hasSize(301);
        assertDense(start, fed);
        assertSameFeed("room", nodes);
        assertThat(nodes.get(0).feed("room").positions()).containsAll(positions);
        assertThat(positions).doesNotHaveDuplicates();
    }

    @Test
    void r11_a_groups_offsets_do_not_restart_when_it_is_empty_for_a_while() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        Position before = node.join("c1", "room");
        Position said = node.say("room", "one");
        node.leave("c1", "room");
        Position again = node.join("c1", "room");

        assertThat(said).isEqualTo(before.at(before.offset() + 2));
        assertThat(again).isEqualTo(before.at(before.offset() + 3));
    }

    @Test
    void r11_groups_have_sequences_of_their_own() {
        TckNode node = cluster().start("n1");
        Position a = node.say("a", "1");
        Position b = node.say("b", "1");

        assertThat(node.say("a", "2")).isEqualTo(a.at(a.offset() + 1));
        assertThat(node.say("b", "2")).isEqualTo(b.at(b.offset() + 1));
    }

    @Test
    void r13_the_publishers_node_hears_its_own_in_order_with_the_others() {
        List<TckNode> nodes = cluster().start(3);
        TckNode speaker = nodes.get(0);
        nodes.forEach(node -> node.watch("room"));
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            published.add(publish(speaker, "room", "mine " + i));
            published.add(publish(nodes.get(1), "room", "theirs " + i));
        }
        done(published);
        settle("room", nodes);

        assertThat(said(speaker, "room")).hasSize(60).doesNotHaveDuplicates();
        assertThat(said(speaker, "room")).containsSubsequence(texts("mine ", 30));
        assertThat(said(speaker, "room")).containsSubsequence(texts("theirs ", 30));
        // Raw: a feed would read from the log what was not delivered.
        assertThat(speaker.events().publications("room"))
                .extracting(Publication::position)
                .containsAll(speaker.feed("room").positions());
        assertSameFeed("room", nodes);
    }

    private static List<String> texts(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    // ---- R12 ----

    @Test
    void r12_everything_after_the_position_of_watch_is_delivered_while_others_publish() {
        List<TckNode> nodes = cluster().start(3);
        nodes.get(0).watch("room");
        List<Future<Published>> published = new ArrayList<>();
        Position watched = null;
        for (int i = 0; i < 200; i++) {
            published.add(publish(nodes.get(i % 2), "room", "m" + i));
            if (i == 100) {
                watched = done(nodes.get(2).registry().watch("room"));
            }
        }
        done(published);
        Position from = watched;
        Position last = nodes.get(0).say("room", "last");
        await(
                "the last",
                () -> nodes.get(2).events().publications("room").stream()
                        .anyMatch(each -> last.equals(each.position())));

        // Raw: no feed has repaired anything here. What is at or before the position may be there or not.
        List<Long> delivered = nodes.get(2).events().publications("room").stream()
                .map(each -> each.position().offset())
                .filter(offset -> offset > from.offset())
                .distinct()
                .sorted()
                .toList();
        assertThat(delivered)
                .isEqualTo(IntStream.rangeClosed((int) from.offset() + 1, (int) last.offset())
                        .mapToObj(Long::valueOf)
                        .toList());
    }

    @Test
    void r12_after_unwatch_nothing_more_is_delivered_and_a_new_watch_goes_on_from_now() {
        List<TckNode> nodes = cluster().start(2);
        TckNode speaker = nodes.get(0);
        TckNode watcher = nodes.get(1);
        watcher.watch("room");
        watcher.watch("control");
        speaker.say("room", "heard");
        settle("room", speaker, List.of(watcher));
        watcher.unwatch("room");
        Position unheard = speaker.say("room", "unheard");
        settle("control", speaker, List.of(watcher));
        assertThat(watcher.events().publications("room"))
                .extracting(Publication::position)
                .doesNotContain(unheard);

        Position again = watcher.watch("room");
        assertThat(again).isEqualTo(unheard);
        speaker.say("room", "heard again");
        settle("room", speaker, List.of(watcher));
        assertThat(said(watcher, "room")).containsExactly("heard", "heard again");
    }

    @Test
    void r12_only_watching_nodes_are_delivered() {
        List<TckNode> nodes = cluster().start(3);
        nodes.get(0).watch("room");
        nodes.forEach(node -> node.watch("control"));
        settle("room", nodes.get(1), nodes.subList(0, 1));
        settle("control", nodes);

        assertThat(nodes.get(1).events().publications("room")).isEmpty();
        assertThat(nodes.get(2).events().publications("room")).isEmpty();
    }

    // ---- R14 ----

    @Test
    void r14_a_completed_publish_is_read_on_every_node_as_it_was_published() {
        List<TckNode> nodes = cluster().start(3);
        Position start = nodes.get(0).say("room", "start");
        Draft draft = new Draft(
                "sender-1",
                ContentType.JSON,
                Buffer.buffer("{\"a\":\"ü\"}"),
                Map.of("x", "1", "empty", "", "odd: \n", "🙂"),
                false,
                null,
                null);
        Position position = nodes.get(1).publish("room", draft, TckNode.ROOMY);

        for (TckNode node : nodes) {
            List<Publication> read = node.read("room", start, 10).publications();
            assertThat(read).hasSize(1);
            Publication only = read.get(0);
            assertThat(only).isEqualTo(Publication.of(draft, position, only.timestamp()));
            // Milliseconds, not seconds or a counter; by whose clock is the registry's business.
            assertThat(only.timestamp()).isGreaterThan(1_500_000_000_000L);
        }
    }

    @Test
    void r14_publishes_issued_in_order_without_waiting_get_positions_in_that_order() {
        List<TckNode> nodes = cluster().start(2);
        TckNode node = nodes.get(0);
        nodes.forEach(each -> each.watch("room"));
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            // Small and large ones, so that a second link would overtake.
            String padding = i % 10 == 0 ? "x".repeat(20_000) : "";
            published.add(publish(node, "room", i + " " + padding));
        }
        List<Long> offsets =
                done(published).stream().map(each -> each.position().offset()).toList();
        settle("room", nodes);

        assertThat(offsets).isSorted().doesNotHaveDuplicates();
        List<Integer> heard = said(nodes.get(1), "room").stream()
                .map(text -> Integer.valueOf(text.substring(0, text.indexOf(' '))))
                .toList();
        assertThat(heard).isEqualTo(IntStream.range(0, 500).boxed().toList());
    }

    @Test
    void r14_the_order_holds_across_the_threads_of_a_node() throws Exception {
        TckNode node = cluster().start("n1");
        node.say("room", "start");
        int threads = 8;
        int total = 400;
        // The lock makes each call happen before the next; who calls is left to chance.
        ReentrantLock baton = new ReentrantLock();
        List<Future<Published>> inOrder = new ArrayList<>();
        CountDownLatch finished = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            boolean onLoop = t % 2 == 0;
            Runnable turn = () -> {
                for (int i = 0; i < total / threads; i++) {
                    baton.lock();
                    try {
                        inOrder.add(publish(node, "room", "m" + inOrder.size()));
                    } finally {
                        baton.unlock();
                    }
                }
                finished.countDown();
            };
            if (onLoop) {
                node.vertx().runOnContext(go -> turn.run());
            } else {
                new Thread(turn, "publisher").start();
            }
        }
        assertThat(finished.await(20, TimeUnit.SECONDS)).isTrue();
        List<Long> offsets =
                done(inOrder).stream().map(each -> each.position().offset()).toList();

        assertThat(offsets).hasSize(total).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void r14_the_order_of_each_group_holds_when_many_are_published_to_in_turn() {
        List<TckNode> nodes = cluster().start(2);
        int groups = 40;
        for (int g = 0; g < groups; g++) {
            nodes.get(1).watch("room " + g);
        }
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            for (int g = 0; g < groups; g++) {
                published.add(publish(nodes.get(0), "room " + g, "m" + i));
            }
        }
        done(published);
        for (int g = 0; g < groups; g++) {
            settle("room " + g, nodes.get(0), nodes.subList(1, 2));
            assertThat(said(nodes.get(1), "room " + g)).isEqualTo(texts("m", 20));
        }
    }

    // ---- R14: message ids ----

    @Test
    void r14_the_same_message_id_is_published_once() {
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        Draft draft = Draft.text(null, "once").withMessageId("session 1:message {7}");
        Published first = done(nodes.get(0).registry().publish("room", draft, TckNode.ROOMY));
        Published here = done(nodes.get(0).registry().publish("room", draft, TckNode.ROOMY));
        Published there = done(nodes.get(2).registry().publish("room", draft, TckNode.ROOMY));
        settle("room", nodes);

        assertThat(first.duplicate()).isFalse();
        assertThat(here).isEqualTo(new Published(first.position(), true));
        assertThat(there).isEqualTo(new Published(first.position(), true));
        for (TckNode node : nodes) {
            assertThat(said(node, "room")).containsExactly("once");
        }
    }

    @Test
    void r14_the_same_message_id_at_the_same_time_on_all_nodes_is_published_once() {
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        for (int i = 0; i < 20; i++) {
            Draft draft = Draft.text(null, "m" + i).withMessageId("id " + i);
            List<Future<Published>> published = new ArrayList<>();
            nodes.forEach(node -> published.add(node.registry().publish("room", draft, TckNode.ROOMY)));
            List<Published> answers = done(published);
            assertThat(answers).filteredOn(each -> !each.duplicate()).hasSize(1);
            assertThat(answers)
                    .extracting(Published::position)
                    .containsOnly(answers.get(0).position());
        }
        settle("room", nodes);
        assertThat(said(nodes.get(0), "room")).isEqualTo(texts("m", 20));
        assertSameFeed("room", nodes);
    }

    @Test
    void r14_the_same_message_id_with_other_bytes_is_a_conflict() {
        List<TckNode> nodes = cluster().start(2);
        nodes.forEach(node -> node.watch("room"));
        done(nodes.get(0).registry().publish("room", Draft.text(null, "first").withMessageId("id"), TckNode.ROOMY));
        for (TckNode node : nodes) {
            assertThat(failure(node.registry()
                            .publish("room", Draft.text(null, "other").withMessageId("id"), TckNode.ROOMY)))
                    .isEqualTo(Reason.CONFLICT);
        }
        settle("room", nodes);

        assertThat(said(nodes.get(1), "room")).containsExactly("first");
        assertDense(
                nodes.get(1).feed("room").positions().get(0),
                nodes.get(1).feed("room").ordered().subList(1, 2));
    }

    @Test
    void r14_message_ids_of_different_groups_do_not_meet() {
        TckNode node = cluster().start("n1");
        Draft draft = Draft.text(null, "same").withMessageId("id");
        Published a = done(node.registry().publish("a", draft, TckNode.ROOMY));
        Published b = done(node.registry().publish("b", draft, TckNode.ROOMY));

        assertThat(a.duplicate()).isFalse();
        assertThat(b.duplicate()).isFalse();
    }
}

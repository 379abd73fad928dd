package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Records of connections, who may act on them, and bytes sent to one of them: R04, R05, R06, R19. */
abstract class DirectoryTck extends TckTest {

    /** Tries at two calls in the same moment. */
    private static final int RACES = 200;

    // ---- R04 ----

    @Test
    void r04_a_registered_connection_is_located_from_every_node_with_its_whole_record() {
        List<TckNode> nodes = cluster().start(3);
        nodes.get(0).register("c1");
        ConnectionRecord expected = nodes.get(0).record("c1");

        for (TckNode node : nodes) {
            assertThat(node.done(node.registry().locate("c1"))).contains(expected);
            assertThat(node.done(node.registry().locate("c2"))).isEmpty();
        }
    }

    @Test
    void r04_a_record_without_optional_fields_stays_so() {
        List<TckNode> nodes = cluster().start(2);
        ConnectionRecord bare =
                new ConnectionRecord("bare", nodes.get(0).self(), "tcp", null, null, "", Instant.ofEpochMilli(1));
        done(nodes.get(0).registry().register(bare));

        assertThat(done(nodes.get(1).registry().locate("bare"))).contains(bare);
    }

    @Test
    void r04_the_registry_puts_its_own_node_into_the_record() {
        List<TckNode> nodes = cluster().start(2);
        done(nodes.get(0).registry().register(nodes.get(1).record("c1")));

        Optional<ConnectionRecord> located = done(nodes.get(1).registry().locate("c1"));
        assertThat(located).map(ConnectionRecord::node).contains(nodes.get(0).self());
    }

    @Test
    void r04_registering_again_replaces_the_record_and_counts_once() {
        List<TckNode> nodes = cluster().start(2);
        TckNode owner = nodes.get(0);
        owner.register("c1");
        ConnectionRecord renamed =
                new ConnectionRecord("c1", owner.self(), "tcp", "somebody", null, "renamed", Instant.ofEpochMilli(7));
        done(owner.registry().register(renamed));

        assertThat(done(nodes.get(1).registry().locate("c1"))).contains(renamed);
        assertThat(nodes.get(1).connectionCount()).isEqualTo(1);
        assertThat(done(nodes.get(1).registry().connectionsOf("user of c1"))).isEmpty();
        assertThat(done(nodes.get(1).registry().connectionsOf("somebody"))).containsExactly(renamed);
    }

    @Test
    void r04_leave_and_unregister_of_the_unknown_answer_false() {
        TckNode node = cluster().start("n1");
        node.register("c1");

        assertThat(node.unregister("nobody")).isFalse();
        assertThat(node.leave("nobody", "room")).isFalse();
        assertThat(node.leave("c1", "room")).isFalse();
        assertThat(node.unregister("c1")).isTrue();
        assertThat(node.unregister("c1")).isFalse();
    }

    @Test
    void r04_watching_twice_and_unwatching_the_unwatched_succeed() {
        TckNode node = cluster().start("n1");
        done(node.registry().unwatch("room"));
        Position first = done(node.registry().watch("room"));
        Position second = done(node.registry().watch("room"));
        Position said = node.say("room", "once");
        await(
                "the message",
                () -> node.events().publications("room").stream().anyMatch(each -> said.equals(each.position())));

        assertThat(first).isEqualTo(second);
        assertThat(said.offset()).isEqualTo(first.offset() + 1);
        done(node.registry().unwatch("room"));
        done(node.registry().unwatch("room"));
    }

    @Test
    void r04_connections_of_a_user_come_oldest_first_from_all_nodes() {
        List<TckNode> nodes = cluster().start(3);
        String user = "zoë: *{x} 🙂";
        for (int i = 0; i < 9; i++) {
            TckNode owner = nodes.get(i % 3);
            // Registered in another order than connected.
            long connectedAt = 1_000_000 + (i * 5) % 9;
            done(owner.registry()
                    .register(new ConnectionRecord(
                            "c" + i, owner.self(), "tcp", user, null, "n" + i, Instant.ofEpochMilli(connectedAt))));
        }
        nodes.get(0).register("other");
        nodes.get(0).unregister("c0");

        for (TckNode node : nodes) {
            List<ConnectionRecord> found = done(node.registry().connectionsOf(user));
            assertThat(found).hasSize(8).doesNotHaveDuplicates();
            assertThat(found).extracting(ConnectionRecord::connectedAt).isSorted();
            assertThat(done(node.registry().connectionsOf("zoë"))).isEmpty();
        }
    }

    @Test
    void r04_the_number_of_connections_is_exact_on_every_node() {
        List<TckNode> nodes = cluster().start(3);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 20; j++) {
                nodes.get(i).register("c" + i + "-" + j);
            }
        }
        assertThat(nodes).extracting(TckNode::connectionCount).containsOnly(60L);

        nodes.get(0).unregister("c0-0");
        nodes.get(2).unregister("c2-7");
        assertThat(nodes).extracting(TckNode::connectionCount).containsOnly(58L);
    }

    // ---- R05 ----

    @Test
    void r05_joining_with_an_unknown_connection_fails_and_leaves_nothing() {
        List<TckNode> nodes = cluster().start(2);
        nodes.get(1).watch("room");

        assertThat(failure(nodes.get(0).registry().join("nobody", "room", GroupPolicy.DEFAULT)))
                .isEqualTo(Reason.UNKNOWN_CONNECTION);
        assertThat(nodes.get(1).memberCount("room")).isZero();
        settle("room", List.of(nodes.get(1)));
        assertThat(nodes.get(1).feed("room").of(Kind.JOINED)).isEmpty();
    }

    @Test
    void r05_only_the_node_that_registered_a_connection_may_join_leave_or_unregister_it() {
        List<TckNode> nodes = cluster().start(2);
        TckNode owner = nodes.get(0);
        TckNode other = nodes.get(1);
        owner.register("c1");
        owner.join("c1", "room");

        assertThat(failure(other.registry().join("c1", "second", GroupPolicy.DEFAULT)))
                .isEqualTo(Reason.UNKNOWN_CONNECTION);
        assertThat(other.leave("c1", "room")).isFalse();
        assertThat(other.unregister("c1")).isFalse();
        assertThat(other.members("room")).containsExactly("c1");
        assertThat(other.memberCount("second")).isZero();
        assertThat(other.done(other.registry().locate("c1"))).isPresent();
    }

    @Test
    void r05_joining_after_unregister_fails() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        node.unregister("c1");

        assertThat(failure(node.registry().join("c1", "room", GroupPolicy.DEFAULT)))
                .isEqualTo(Reason.UNKNOWN_CONNECTION);
    }

    @Test
    void r05_a_join_that_races_with_unregister_leaves_nothing_behind() throws Exception {
        List<TckNode> nodes = cluster().start(2);
        TckNode node = nodes.get(0);
        TckNode watcher = nodes.get(1);
        watcher.watch("room");
        for (int i = 0; i < RACES; i++) {
            String id = "racer" + i;
            node.register(id);
            List<Future<?>> joins = new ArrayList<>();
            Thread joiner = inTheSameMoment(() -> joins.add(node.registry().join(id, "room", GroupPolicy.DEFAULT)));
            Future<Boolean> unregistered = node.registry().unregister(id);
            joiner.join();
            assertThat(done(unregistered)).isTrue();
            if (!joinedIfKnown(joins.get(0))) {
                assertThat(failure(joins.get(0))).isEqualTo(Reason.UNKNOWN_CONNECTION);
            }
        }

        assertThat(watcher.members("room")).isEmpty();
        assertThat(watcher.memberCount("room")).isZero();
        assertThat(watcher.connectionCount()).isZero();
        settle("room", List.of(watcher));
        assertThat(watcher.feed("room").ids(Kind.JOINED))
                .doesNotHaveDuplicates()
                .isEqualTo(watcher.feed("room").ids(Kind.LEFT));
    }

    @Test
    void r05_of_two_that_unregister_a_connection_one_is_told_that_it_did() throws Exception {
        List<TckNode> nodes = cluster().start(2);
        TckNode node = nodes.get(0);
        for (int i = 0; i < RACES; i++) {
            String id = "racer" + i;
            node.register(id);
            List<Future<Boolean>> others = new ArrayList<>();
            Thread other = inTheSameMoment(() -> others.add(node.registry().unregister(id)));
            Future<Boolean> own = node.registry().unregister(id);
            other.join();
            assertThat(List.of(done(own), done(others.get(0)))).containsExactlyInAnyOrder(true, false);
        }
        assertThat(nodes.get(1).connectionCount()).isZero();
    }

    private boolean joinedIfKnown(Future<?> join) {
        fixture().time().complete(join, TckNode.PATIENCE);
        return join.succeeded();
    }

    /** Returns when {@code work} begins on another thread. */
    private static Thread inTheSameMoment(Runnable work) {
        CyclicBarrier together = new CyclicBarrier(2);
        Thread thread = new Thread(() -> {
            meet(together);
            work.run();
        });
        thread.start();
        meet(together);
        return thread;
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Test
    void r05_calls_of_one_connection_take_effect_in_the_order_they_were_made() {
        List<TckNode> nodes = cluster().start(2);
        TckNode node = nodes.get(0);
        TckNode watcher = nodes.get(1);
        watcher.watch("room");
        List<Future<?>> calls = new ArrayList<>();
        calls.add(node.registry().register(node.record("c1")));
        for (int i = 0; i < 25; i++) {
            calls.add(node.registry().join("c1", "room", GroupPolicy.DEFAULT));
            calls.add(node.registry().leave("c1", "room"));
        }
        calls.forEach(call -> done(call));

        // In any other order, backwards for one, the last is not a leave.
        assertThat(watcher.members("room")).isEmpty();
        settle("room", List.of(watcher));
        List<Kind> kinds = watcher.feed("room").ordered().stream()
                .map(Publication::kind)
                .filter(Kind::isMembership)
                .toList();
        assertThat(kinds).hasSize(50);
        for (int i = 0; i < kinds.size(); i++) {
            assertThat(kinds.get(i)).isEqualTo(i % 2 == 0 ? Kind.JOINED : Kind.LEFT);
        }
    }

    // ---- R06 ----

    @Test
    void r06_unregister_does_not_remove_a_record_that_another_node_registered_later() {
        List<TckNode> nodes = cluster().start(3);
        nodes.get(0).register("c1");
        nodes.get(1).register("c1");
        nodes.get(0).unregister("c1");

        for (TckNode node : nodes) {
            Optional<ConnectionRecord> located = node.done(node.registry().locate("c1"));
            assertThat(located)
                    .map(ConnectionRecord::node)
                    .contains(nodes.get(1).self());
            assertThat(node.connectionCount()).isEqualTo(1);
        }
        assertThat(nodes.get(1).unregister("c1")).isTrue();
        assertThat(nodes.get(2).connectionCount()).isZero();
    }

    @Test
    void r06_a_register_that_races_with_unregister_leaves_what_the_node_holds() throws Exception {
        List<TckNode> nodes = cluster().start(2);
        TckNode node = nodes.get(0);
        TckNode other = nodes.get(1);
        for (int i = 0; i < RACES; i++) {
            String id = "racer" + i;
            node.register(id);
            List<Future<Void>> again = new ArrayList<>();
            Thread registering = inTheSameMoment(() -> again.add(node.registry().register(node.record(id))));
            Future<Boolean> unregistered = node.registry().unregister(id);
            registering.join();
            assertThat(done(unregistered)).isTrue();
            done(again.get(0));

            boolean listed = done(other.registry().locate(id)).isPresent();
            assertThat(done(other.registry().connectionsOf("user of " + id))).hasSize(listed ? 1 : 0);
            assertThat(node.unregister(id)).isEqualTo(listed);
        }
        assertThat(other.connectionCount()).isZero();
    }

    @Test
    void r06_closing_a_node_does_not_remove_a_record_that_another_node_registered_later() {
        List<TckNode> nodes = cluster().start(3);
        nodes.get(0).register("c1");
        nodes.get(1).register("c1");
        nodes.get(1).join("c1", "room");
        nodes.get(0).stop();

        assertThat(done(nodes.get(2).registry().locate("c1")))
                .map(ConnectionRecord::node)
                .contains(nodes.get(1).self());
        assertThat(nodes.get(2).members("room")).containsExactly("c1");
    }

    // ---- R19 ----

    @Test
    void r19_send_reaches_exactly_the_node_of_the_connection() {
        List<TckNode> nodes = cluster().start(3);
        for (int i = 0; i < 3; i++) {
            nodes.get(i).register("c" + i);
        }
        Buffer bytes = Buffer.buffer(new byte[] {0, -1, 10, 13, 36, 127, -128});
        assertThat(done(nodes.get(0).registry().send("c1", bytes))).isTrue();
        assertThat(done(nodes.get(1).registry().send("c1", Buffer.buffer()))).isTrue();
        // Markers: whatever else was sent before them is there by then.
        for (int i = 0; i < 3; i++) {
            for (int from = 0; from < 3; from++) {
                assertThat(done(nodes.get(from).registry().send("c" + i, Buffer.buffer("marker " + from))))
                        .isTrue();
            }
        }
        for (TckNode node : nodes) {
            await(
                    "markers at " + node,
                    () -> sent(node).stream()
                                    .filter(each -> each.payload().toString().startsWith("marker"))
                                    .count()
                            == 3);
        }

        assertThat(sent(nodes.get(1)))
                .hasSize(5)
                .contains(new Event.Sent("c1", bytes), new Event.Sent("c1", Buffer.buffer()));
        assertThat(sent(nodes.get(0)))
                .hasSize(3)
                .allMatch(each -> each.connectionId().equals("c0"));
        assertThat(sent(nodes.get(2)))
                .hasSize(3)
                .allMatch(each -> each.connectionId().equals("c2"));
    }

    @Test
    void r19_send_to_nobody_answers_false() {
        List<TckNode> nodes = cluster().start(2);
        nodes.get(1).register("c1");
        nodes.get(1).unregister("c1");
        nodes.get(1).register("c2");

        assertThat(done(nodes.get(0).registry().send("nobody", Buffer.buffer("x"))))
                .isFalse();
        assertThat(done(nodes.get(0).registry().send("c1", Buffer.buffer("x")))).isFalse();
        assertThat(done(nodes.get(0).registry().send("c2", Buffer.buffer("x")))).isTrue();
        await("the marker", () -> sent(nodes.get(1)).size() == 1);
        assertThat(sent(nodes.get(0))).isEmpty();
    }

    @Test
    void r19_send_follows_the_record_to_its_new_node() {
        List<TckNode> nodes = cluster().start(3);
        nodes.get(0).register("c1");
        assertThat(done(nodes.get(2).registry().send("c1", Buffer.buffer("before"))))
                .isTrue();
        await("the first", () -> sent(nodes.get(0)).size() == 1);
        nodes.get(1).register("c1");
        assertThat(done(nodes.get(2).registry().send("c1", Buffer.buffer("after"))))
                .isTrue();
        await("the second", () -> sent(nodes.get(1)).size() == 1);

        assertThat(sent(nodes.get(0))).hasSize(1);
        assertThat(sent(nodes.get(1))).containsExactly(new Event.Sent("c1", Buffer.buffer("after")));
    }

    private static List<Event.Sent> sent(TckNode node) {
        return node.events().all(Event.Sent.class);
    }

    @Test
    void r19_sending_more_than_the_largest_payload_throws() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        Buffer tooLarge = Buffer.buffer(new byte[Cluster.MAX_PAYLOAD + 1]);

        assertThatThrownBy(() -> node.registry().send("c1", tooLarge)).isInstanceOf(IllegalArgumentException.class);
    }
}

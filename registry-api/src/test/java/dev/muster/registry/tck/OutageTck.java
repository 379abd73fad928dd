package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.NodeId;
import dev.muster.registry.Position;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.Slice.Completeness;
import dev.muster.registry.tck.Backend.Restart;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The backend goes and comes back, with or without its data: R22. */
abstract class OutageTck extends BackendTck {

    private static final Duration FAST = Duration.ofMillis(500);

    @Test
    void r22_the_loss_is_told_once_operations_fail_fast_and_so_is_the_return() {
        requires(Capability.STOP_BACKEND);
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> join(node, 3, "room"));
        for (int outage = 1; outage <= 2; outage++) {
            stop(nodes, outage);
            for (TckNode node : nodes) {
                Future<?> publish = node.registry().publish("room", Draft.text(null, "x"), GroupPolicy.DEFAULT);
                Future<?> count = node.registry().memberCount("room");
                await("failure", FAST, () -> publish.isComplete() && count.isComplete());
                assertThat(failure(publish)).isEqualTo(Reason.UNAVAILABLE);
                assertThat(failure(count)).isEqualTo(Reason.UNAVAILABLE);
            }
            start(nodes, Restart.KEEP, outage);
        }
        nodes.forEach(node -> node.watch("room"));
        settle("room", nodes);

        for (TckNode node : nodes) {
            assertThat(node.events().all())
                    .filteredOn(each -> each instanceof Event.Unavailable || each instanceof Event.Recovered)
                    .extracting(Object::getClass)
                    .isEqualTo(List.of(
                            Event.Unavailable.class,
                            Event.Recovered.class,
                            Event.Unavailable.class,
                            Event.Recovered.class));
        }
    }

    @Test
    void r22_a_restart_that_keeps_everything_loses_and_resets_nothing() {
        requires(Capability.STOP_BACKEND);
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        nodes.forEach(node -> join(node, 5, "room"));
        List<Position> before = sayMany(nodes.get(0), "room", 0, 20);
        List<NodeId> ids = nodes.stream().map(TckNode::self).toList();
        List<String> members = nodes.get(0).members("room");
        restart(nodes, Restart.KEEP);

        for (TckNode node : nodes) {
            assertThat(node.members("room")).isEqualTo(members);
            assertThat(node.connectionCount()).isEqualTo(15);
        }
        assertThat(nodes).extracting(TckNode::self).isEqualTo(ids);
        nodes.get(1).say("room", "m20");
        settle("room", nodes);
        assertSameFeed("room", nodes);
        for (TckNode node : nodes) {
            assertThat(said(node, "room")).hasSize(21).doesNotHaveDuplicates();
            assertThat(node.feed("room").of(Kind.JOINED)).hasSize(15);
            assertThat(node.feed("room").of(Kind.LEFT)).isEmpty();
            assertThat(node.events().count(Event.MembersReset.class)).isZero();
            assertThat(node.read("room", before.get(10), 100).messages()).isEqualTo(Completeness.COMPLETE);
            assertThat(node.read("room", before.get(10), 100).publications()).hasSize(9 + 2);
        }
        List<Long> offsets = nodes.get(0).feed("room").positions().stream()
                .map(Position::offset)
                .toList();
        assertThat(offsets.get(offsets.size() - 1) - offsets.get(0)).isEqualTo(offsets.size() - 1L);
    }

    @Test
    void r22_an_outage_longer_than_all_leases_kicks_nobody_out() {
        requires(Capability.STOP_BACKEND);
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        nodes.forEach(node -> join(node, 5, "room"));
        stop(nodes, 1);
        pass(fixture().timings().lease().plusSeconds(1));
        start(nodes, Restart.KEEP, 1);
        // Whoever would be taken for dead is by now.
        pass(fixture().timings().lease().plusMillis(500));
        settle("room", nodes);

        for (TckNode node : nodes) {
            assertThat(node.memberCount("room")).isEqualTo(15);
            assertThat(node.feed("room").of(Kind.LEFT)).isEmpty();
            assertThat(node.feed("room").of(Kind.JOINED)).hasSize(15);
            assertThat(node.events().count(Event.NodeDown.class)).isZero();
        }
    }

    @Test
    void r22_after_a_loss_of_all_data_what_the_nodes_hold_is_there_again_in_silence() {
        requires(Capability.LOSE_BACKEND);
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        nodes.forEach(node -> join(node, 20, "room"));
        nodes.get(0).unregister("n1-0");
        nodes.get(1).leave("n2-0", "room");
        List<Position> before = sayMany(nodes.get(0), "room", 0, 20);
        // What is lost before it was delivered stays lost; here everybody has it.
        settle("room", nodes);
        restart(nodes, Restart.LOSE);

        for (TckNode node : nodes) {
            await("all members at " + node, () -> node.memberCount("room") == 58);
            assertThat(node.members("room")).doesNotContain("n1-0", "n2-0").doesNotHaveDuplicates();
            assertThat(node.connectionCount()).isEqualTo(59);
            assertThat(node.groupsOf("n3-7")).containsExactly("room");
            assertThat(node.done(node.registry().locate("n3-7"))).isPresent();
            await(
                    node + " is told to read the members",
                    () -> node.events().all(Event.MembersReset.class).contains(new Event.MembersReset("room")));
        }
        awaitResets("room", nodes);
        Position after = nodes.get(2).say("room", "after");
        settle("room", nodes);
        for (TckNode node : nodes) {
            assertThat(said(node, "room")).hasSize(21).doesNotHaveDuplicates().endsWith("after");
            assertThat(node.feed("room").resets()).isNotEmpty();
            assertThat(node.feed("room").of(Kind.JOINED)).hasSize(60);
            assertThat(node.feed("room").of(Kind.LEFT)).hasSize(2);
            for (Position position : before) {
                assertThat(node.read("room", position, 100).messages()).isEqualTo(Completeness.EPOCH_CHANGED);
            }
        }
        assertThat(before).extracting(Position::epoch).doesNotContain(after.epoch());
        assertNoPositionTwice("room", nodes);
    }

    @Test
    void r22_after_a_loss_the_restored_members_leave_like_any_other() {
        requires(Capability.LOSE_BACKEND);
        List<TckNode> nodes = cluster().start(2);
        nodes.forEach(node -> node.watch("room"));
        nodes.forEach(node -> join(node, 3, "room"));
        restart(nodes, Restart.LOSE);
        await("all members", () -> nodes.get(0).memberCount("room") == 6);
        awaitResets("room", nodes);
        settle("room", nodes);
        nodes.get(0).leave("n1-0", "room");
        nodes.get(0).unregister("n1-1");
        nodes.get(1).stop();
        settle("room", nodes.subList(0, 1));

        assertThat(nodes.get(0).members("room")).containsExactly("n1-2");
        assertThat(nodes.get(0).feed("room").ids(Kind.LEFT))
                .containsExactlyInAnyOrder("n1-0", "n1-1", "n2-0", "n2-1", "n2-2");
    }

    @Test
    void r22_what_ended_during_the_outage_is_not_restored() {
        requires(Capability.STOP_BACKEND);
        List<TckNode> nodes = cluster().start(2);
        nodes.forEach(node -> node.watch("room"));
        nodes.forEach(node -> join(node, 4, "room"));
        stop(nodes, 1);
        // The sockets are gone, whether the backend can be told or not.
        failure(nodes.get(0).registry().unregister("n1-0"));
        failure(nodes.get(0).registry().leave("n1-1", "room"));
        start(nodes, Restart.KEEP, 1);

        await("they are gone", () -> nodes.get(1).memberCount("room") == 6);
        assertThat(nodes.get(1).members("room")).doesNotContain("n1-0", "n1-1");
        assertThat(nodes.get(1).connectionCount()).isEqualTo(7);
        settle("room", nodes);
        assertThat(nodes.get(1).feed("room").ids(Kind.LEFT)).containsExactlyInAnyOrder("n1-0", "n1-1");
        assertSameFeed("room", nodes);
    }

    @Test
    void r22_a_message_retried_with_its_id_after_the_outage_is_there_once() {
        requires(Capability.STOP_BACKEND);
        List<TckNode> nodes = cluster().start(2);
        nodes.forEach(node -> node.watch("room"));
        Draft draft = Draft.text(null, "retried").withMessageId("id");
        nodes.get(0).publish("room", draft, GroupPolicy.DEFAULT);
        stop(nodes, 1);
        assertThat(failure(nodes.get(0).registry().publish("room", draft, GroupPolicy.DEFAULT)))
                .isEqualTo(Reason.UNAVAILABLE);
        start(nodes, Restart.KEEP, 1);
        assertThat(done(nodes.get(0).registry().publish("room", draft, GroupPolicy.DEFAULT))
                        .duplicate())
                .isTrue();
        settle("room", nodes);

        assertThat(said(nodes.get(1), "room")).containsExactly("retried");
    }

    @Test
    void r22_a_node_that_starts_without_the_backend_comes_in_when_it_is_there() {
        requires(Capability.STOP_BACKEND);
        TckNode first = cluster().start("n1");
        TckNode late = cluster().create("n2");
        stop(List.of(first), 1);
        assertThat(failure(late.starting())).isEqualTo(Reason.UNAVAILABLE);
        start(List.of(first), Restart.KEEP, 1);
        await("the late node is in", () -> late.events().count(Event.Recovered.class) == 1);

        late.watch("room");
        late.register("c1");
        late.join("c1", "room");
        assertThat(first.members("room")).containsExactly("c1");
        settle("room", first, List.of(late));
    }

    @Test
    void r22_bytes_and_broadcasts_arrive_again_after_a_restart() {
        requires(Capability.STOP_BACKEND);
        List<TckNode> nodes = cluster().start(2);
        nodes.get(1).register("c1");
        restart(nodes, Restart.KEEP);

        await(
                "bytes arrive",
                () -> done(nodes.get(0).registry().send("c1", Buffer.buffer("x")))
                        && nodes.get(1).events().count(Event.Sent.class) > 0);
        await("broadcasts arrive", () -> {
            done(nodes.get(0).registry().publishAll(Draft.text(null, "x").asFast()));
            return nodes.get(1).events().count(Event.Broadcast.class) > 0;
        });
    }
}

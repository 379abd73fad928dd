package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.NodeId;
import dev.muster.registry.Publication.Kind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nodes that die, and a backend that stands still: R20. */
abstract class CrashTck extends NodeFaultTck {

    private static final GroupPolicy SILENT = GroupPolicy.DEFAULT.withPresence(Presence.OFF);

    /** A new node's coming is told after everything about nodes that was told before. */
    private void settleNodes(List<TckNode> observers) {
        TckNode marker = cluster().start("marker");
        for (TckNode node : observers) {
            await(
                    node + " sees the marker",
                    () -> node.events().all(Event.NodeUp.class).contains(new Event.NodeUp(marker.self())));
        }
    }

    @Test
    void r20_a_killed_node_is_gone_everywhere_with_exactly_one_leave_per_membership() {
        requires(Capability.KILL_NODE);
        List<TckNode> survivors = cluster().start(3);
        TckNode dying = cluster().startMortal("dying");
        NodeId dead = dying.self();
        cluster().awaitNodes(survivors, 4);
        List<String> groups = List.of("one", "two", "three");
        survivors.forEach(node -> groups.forEach(node::watch));
        survivors.forEach(node -> node.watch("silent"));
        survivors.get(0).register("stays");
        survivors.get(0).join("stays", "one");
        fill(dying, 120, "one", "two", "three");
        List<Future<?>> silent = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            silent.add(dying.registry().join("dying-" + i, "silent", SILENT));
        }
        silent.forEach(call -> done(call));
        groups.forEach(group -> settle(group, survivors));
        dying.kill();

        await(
                "the dead node's connections are gone",
                goneWithin(),
                () -> survivors.get(1).connectionCount() == 1);
        for (TckNode node : survivors) {
            await("its memberships are gone", goneWithin(), () -> node.groups().size() == 1);
            assertThat(node.members("one")).containsExactly("stays");
            assertThat(node.memberCount("silent")).isZero();
            assertThat(node.groupsOf("dying-7")).isEmpty();
            assertThat(done(node.registry().locate("dying-7"))).isEmpty();
            assertThat(done(node.registry().send("dying-7", Buffer.buffer("x"))))
                    .isFalse();
        }
        for (String group : groups) {
            settle(group, survivors);
            survivors.forEach(node -> assertEachLeftOnce(node, group, 120));
            assertSameFeed(group, survivors);
        }
        settle("silent", survivors);
        assertThat(survivors.get(2).feed("silent").of(Kind.LEFT)).isEmpty();
        settleNodes(survivors);
        for (TckNode node : survivors) {
            assertThat(node.events().all(Event.NodeDown.class)).containsExactly(new Event.NodeDown(dead));
            assertThat(node.registry().nodes()).doesNotContain(dead).hasSize(4);
        }
    }

    @Test
    void r20_a_node_killed_in_the_middle_of_its_work_leaves_nothing_half_done() {
        requires(Capability.KILL_NODE);
        List<TckNode> survivors = cluster().start(3);
        TckNode dying = cluster().startMortal("dying");
        // Few enough changes in each that none is trimmed from its log before every feed has it.
        List<String> groups = IntStream.range(0, 8).mapToObj(i -> "room " + i).toList();
        survivors.forEach(node -> groups.forEach(node::watch));
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String id = "dying-" + i;
            String group = groups.get(i % groups.size());
            calls.add(dying.registry().register(dying.record(id)));
            calls.add(dying.registry().join(id, group, TckNode.ROOMY));
            if (i % 3 == 0) {
                calls.add(dying.registry().leave(id, group));
            } else if (i % 5 == 0) {
                calls.add(dying.registry().unregister(id));
            }
            if (i == 200) {
                done(calls.get(1));
            }
        }
        dying.kill();

        await(
                "the dead node's connections are gone",
                goneWithin(),
                () -> survivors.get(0).connectionCount() == 0);
        await(
                "its memberships are gone",
                goneWithin(),
                () -> survivors.get(1).groups().isEmpty());
        for (String group : groups) {
            assertThat(survivors.get(2).members(group)).isEmpty();
            settle(group, survivors);
            List<String> joined = survivors.get(0).feed(group).ids(Kind.JOINED);
            assertThat(joined).doesNotHaveDuplicates();
            assertThat(survivors.get(0).feed(group).ids(Kind.LEFT)).containsExactlyInAnyOrderElementsOf(joined);
            assertSameFeed(group, survivors);
        }
        assertThat(survivors.get(0).feed("room 0").of(Kind.JOINED)).isNotEmpty();
    }

    @Test
    void r20_what_a_killed_node_published_stays() {
        requires(Capability.KILL_NODE);
        List<TckNode> survivors = cluster().start(2);
        TckNode dying = cluster().startMortal("dying");
        survivors.forEach(node -> node.watch("room"));
        for (int i = 0; i < 20; i++) {
            dying.say("room", "m" + i);
        }
        dying.kill();
        settle("room", survivors);

        for (TckNode node : survivors) {
            assertThat(said(node, "room")).hasSize(20).doesNotHaveDuplicates();
        }
        assertSameFeed("room", survivors);
    }

    @Test
    void r20_the_ids_and_the_name_of_a_killed_node_can_be_used_again() {
        requires(Capability.KILL_NODE);
        List<TckNode> survivors = cluster().start(2);
        TckNode dying = cluster().startMortal("dying");
        survivors.forEach(node -> node.watch("room"));
        NodeId dead = dying.self();
        fill(dying, 3, "room");
        dying.kill();
        await(
                "the dead node's connections are gone",
                goneWithin(),
                () -> survivors.get(0).connectionCount() == 0);
        TckNode again = cluster().start("dying");
        fill(again, 3, "room");

        assertThat(again.self()).isNotEqualTo(dead);
        assertThat(survivors.get(1).members("room")).containsExactlyInAnyOrder("dying-0", "dying-1", "dying-2");
        settle("room", survivors);
        assertThat(survivors.get(0).feed("room").of(Kind.JOINED)).hasSize(6);
        assertThat(survivors.get(0).feed("room").ids(Kind.LEFT)).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void r20_a_stall_of_the_backend_longer_than_all_leases_kicks_nobody_out() {
        requires(Capability.PAUSE_BACKEND);
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        nodes.forEach(node -> fill(node, 40, "room"));
        List<NodeId> before = nodes.stream().map(TckNode::self).toList();
        fixture().backend().pause();
        pass(lease().multipliedBy(2));
        fixture().backend().resume();
        awaitPublishing(nodes);
        // Whoever would be taken for dead is by now.
        pass(goneWithin().dividedBy(2));

        assertThat(nodes.get(0).memberCount("room")).isEqualTo(120);
        settle("room", nodes);
        for (TckNode node : nodes) {
            assertThat(node.feed("room").of(Kind.LEFT)).isEmpty();
            assertThat(node.feed("room").of(Kind.JOINED)).hasSize(120);
            assertThat(node.events().count(Event.NodeDown.class)).isZero();
            assertThat(node.events().count(Event.Incarnation.class)).isZero();
            assertThat(node.events().count(Event.Unavailable.class))
                    .isEqualTo(node.events().count(Event.Recovered.class))
                    .isLessThanOrEqualTo(1);
        }
        assertThat(nodes).extracting(TckNode::self).isEqualTo(before);
    }

    private void awaitPublishing(List<TckNode> nodes) {
        for (TckNode node : nodes) {
            await(node + " can publish", () -> {
                node.say("elsewhere", "x");
                return true;
            });
        }
    }
}

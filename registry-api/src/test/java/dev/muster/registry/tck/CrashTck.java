package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nodes that die or stand still: R20, R21. */
abstract class CrashTck extends TckTest {

    private static final GroupPolicy SILENT = GroupPolicy.DEFAULT.withPresence(Presence.OFF);

    private Duration lease() {
        return fixture().timings().lease();
    }

    /** Lease and sweep with as much again for a busy machine. */
    private Duration goneWithin() {
        return lease().plus(fixture().timings().sweep()).multipliedBy(2);
    }

    @Override
    void mark(TckNode publisher, String group, String marker) {
        sayAtLast(publisher, group, marker);
    }

    /** Publishes once, however often it has to be tried: a node that stands still may hold a part of the backend. */
    private void sayAtLast(TckNode publisher, String group, String text) {
        Draft draft = Draft.text(null, text).withMessageId(text);
        await("\"" + text + "\" is published", () -> {
            publisher.publish(group, draft, GroupPolicy.DEFAULT);
            return true;
        });
    }

    private void fill(TckNode node, int connections, String... groups) {
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            String id = node.name() + "-" + i;
            calls.add(node.registry().register(node.record(id)));
            for (String group : groups) {
                calls.add(node.registry().join(id, group, GroupPolicy.DEFAULT));
            }
        }
        calls.forEach(call -> done(call));
    }

    /** Whether exactly one LEFT of each of so many members was fed, and how many JOINED. */
    private static void assertEachLeftOnce(TckNode node, String group, int members) {
        assertThat(node.feed(group).ids(Kind.LEFT))
                .as("LEFT in %s at %s", group, node)
                .hasSize(members)
                .doesNotHaveDuplicates();
        assertThat(new HashSet<>(node.feed(group).ids(Kind.JOINED)))
                .containsAll(node.feed(group).ids(Kind.LEFT));
    }

    /** A new node's coming is told after everything about nodes that was told before. */
    private void settleNodes(List<TckNode> observers) {
        TckNode marker = cluster().start("marker");
        for (TckNode node : observers) {
            await(
                    node + " sees the marker",
                    () -> node.events().all(Event.NodeUp.class).contains(new Event.NodeUp(marker.self())));
        }
    }

    // ---- R20 ----

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
        survivors.forEach(node -> node.watch("room"));
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String id = "dying-" + i;
            calls.add(dying.registry().register(dying.record(id)));
            calls.add(dying.registry().join(id, "room", GroupPolicy.DEFAULT));
            if (i % 2 == 0) {
                calls.add(dying.registry().leave(id, "room"));
            }
            if (i % 5 == 0) {
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
                () -> survivors.get(0).connectionCount() == 0
                        && survivors.get(0).memberCount("room") == 0);
        assertThat(survivors.get(1).groups()).isEmpty();
        settle("room", survivors);
        for (TckNode node : survivors) {
            assertThat(node.feed("room").ids(Kind.JOINED)).isNotEmpty().doesNotHaveDuplicates();
            assertThat(node.feed("room").ids(Kind.LEFT))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(node.feed("room").ids(Kind.JOINED));
        }
        assertSameFeed("room", survivors);
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
        nodes.forEach(node -> fill(node, 50, "room"));
        List<NodeId> before = nodes.stream().map(TckNode::self).toList();
        fixture().backend().pause();
        pass(lease().multipliedBy(2));
        fixture().backend().resume();
        awaitPublishing(nodes);
        // Whoever would be taken for dead is by now.
        pass(goneWithin().dividedBy(2));

        assertThat(nodes.get(0).memberCount("room")).isEqualTo(150);
        settle("room", nodes);
        for (TckNode node : nodes) {
            assertThat(node.feed("room").of(Kind.LEFT)).isEmpty();
            assertThat(node.feed("room").of(Kind.JOINED)).hasSize(150);
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

    // ---- R21 ----

    @Test
    void r21_a_node_frozen_beyond_its_lease_comes_back_as_another_with_all_its_members() {
        requires(Capability.FREEZE_NODE);
        List<TckNode> others = cluster().start(2);
        TckNode frozen = cluster().startMortal("frozen");
        NodeId before = frozen.self();
        cluster().awaitNodes(others, 3);
        others.forEach(node -> node.watch("room"));
        others.get(0).register("stays");
        others.get(0).join("stays", "room");
        fill(frozen, 40, "room");
        frozen.freeze();
        await(
                "the frozen node's members are gone",
                goneWithin(),
                () -> others.get(1).memberCount("room") == 1);
        sayAtLast(others.get(0), "room", "meanwhile");
        frozen.thaw();

        await(
                "it has a new identity",
                () -> !frozen.events().all(Event.Incarnation.class).isEmpty());
        await("all its members are back", () -> others.get(1).memberCount("room") == 41);
        NodeId now = frozen.self();
        assertThat(now.name()).isEqualTo("frozen");
        assertThat(frozen.events().all(Event.Incarnation.class)).containsExactly(new Event.Incarnation(now, before));
        assertThat(others.get(0).records("room", 100))
                .filteredOn(each -> !each.connectionId().equals("stays"))
                .hasSize(40)
                .allMatch(each -> each.node().equals(now));
        assertThat(others.get(0).connectionCount()).isEqualTo(41);
        settle("room", others);
        for (TckNode node : others) {
            assertEachLeftOnce(node, "room", 40);
            assertThat(node.feed("room").of(Kind.JOINED)).hasSize(81);
            await(
                    node + " hears of the new one",
                    () -> node.events().all(Event.NodeUp.class).contains(new Event.NodeUp(now)));
            assertThat(node.events().all())
                    .containsSubsequence(new Event.NodeUp(before), new Event.NodeDown(before), new Event.NodeUp(now));
            assertThat(node.events().all(Event.NodeDown.class)).hasSize(1);
        }
        assertSameFeed("room", others);
    }

    @Test
    void r21_a_node_that_was_frozen_works_as_before() {
        requires(Capability.FREEZE_NODE);
        List<TckNode> others = cluster().start(2);
        TckNode frozen = cluster().startMortal("frozen");
        frozen.watch("room");
        others.forEach(node -> node.watch("room"));
        fill(frozen, 3, "room");
        frozen.freeze();
        await(
                "the frozen node's members are gone",
                goneWithin(),
                () -> others.get(1).memberCount("room") == 0);
        sayAtLast(others.get(0), "room", "meanwhile");
        frozen.thaw();
        await("all its members are back", () -> others.get(1).memberCount("room") == 3);

        sayAtLast(frozen, "room", "here again");
        settle("room", List.of(others.get(0), others.get(1), frozen));
        assertThat(said(others.get(0), "room")).containsExactly("meanwhile", "here again");
        assertThat(said(frozen, "room")).containsExactly("meanwhile", "here again");
        assertThat(frozen.unregister("frozen-0")).isTrue();
        assertThat(frozen.leave("frozen-1", "room")).isTrue();
        assertThat(others.get(0).members("room")).containsExactly("frozen-2");
        assertThat(done(others.get(0).registry().send("frozen-2", Buffer.buffer("hello"))))
                .isTrue();
        await(
                "the bytes",
                () -> frozen.events()
                        .all(Event.Sent.class)
                        .contains(new Event.Sent("frozen-2", Buffer.buffer("hello"))));
    }

    @Test
    void r21_leaves_that_a_frozen_node_sends_too_late_make_no_second_left() {
        requires(Capability.FREEZE_NODE);
        List<TckNode> others = cluster().start(2);
        TckNode frozen = cluster().startMortal("frozen");
        others.forEach(node -> node.watch("room"));
        fill(frozen, 40, "room");
        frozen.freeze();
        // They wait at the frozen node's door, and are the first it does when it goes on.
        List<Future<Boolean>> late = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            late.add(frozen.registry().unregister("frozen-" + i));
        }
        await(
                "the frozen node's members are gone",
                goneWithin(),
                () -> others.get(1).memberCount("room") == 0);
        frozen.thaw();
        late.forEach(each -> fixture().time().complete(each, TckNode.PATIENCE));
        // A call that failed may have had its effect or not; the node tries again until it knows.
        await("all are unregistered", () -> {
            for (int i = 0; i < 20; i++) {
                frozen.unregister("frozen-" + i);
            }
            return true;
        });

        await(
                "those that were not unregistered are back",
                () -> others.get(0).memberCount("room") == 20 && others.get(0).connectionCount() == 20);
        settle("room", others);
        for (TckNode node : others) {
            assertAlternate(node.feed("room").ordered(), 20);
        }
        assertSameFeed("room", others);
    }

    /** JOINED and LEFT of each member take turns, and so many are present in the end. */
    private static void assertAlternate(List<Publication> publications, int present) {
        Set<String> members = new HashSet<>();
        for (Publication each : publications) {
            if (each.kind() == Kind.JOINED) {
                assertThat(members.add(each.sender()))
                        .as("second JOINED of %s", each.sender())
                        .isTrue();
            } else if (each.kind() == Kind.LEFT) {
                assertThat(members.remove(each.sender()))
                        .as("second LEFT of %s", each.sender())
                        .isTrue();
            }
        }
        assertThat(members).hasSize(present);
    }

    @Test
    void r21_a_node_frozen_for_less_than_its_lease_loses_nothing() {
        requires(Capability.FREEZE_NODE);
        List<TckNode> others = cluster().start(2);
        TckNode frozen = cluster().startMortal("frozen");
        NodeId before = frozen.self();
        others.forEach(node -> node.watch("room"));
        fill(frozen, 10, "room");
        frozen.freeze();
        pass(lease().dividedBy(4));
        frozen.thaw();
        // Whoever would be taken for dead is by now.
        pass(goneWithin().dividedBy(2));

        assertThat(others.get(0).memberCount("room")).isEqualTo(10);
        settle("room", others);
        assertThat(others.get(0).feed("room").of(Kind.LEFT)).isEmpty();
        assertThat(frozen.self()).isEqualTo(before);
        assertThat(others.get(0).events().count(Event.NodeDown.class)).isZero();
    }
}

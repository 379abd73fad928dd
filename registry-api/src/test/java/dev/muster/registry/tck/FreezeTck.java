package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nodes that stand still and go on: R21. */
abstract class FreezeTck extends NodeFaultTck {

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

    @Test
    void r21_what_another_node_took_over_meanwhile_stays_with_it() {
        requires(Capability.FREEZE_NODE);
        List<TckNode> others = cluster().start(2);
        TckNode heir = others.get(0);
        TckNode frozen = cluster().startMortal("frozen");
        others.forEach(node -> node.watch("room"));
        fill(frozen, 3, "room", "second");
        frozen.freeze();
        await(
                "the frozen node's members are gone",
                goneWithin(),
                () -> others.get(1).memberCount("room") == 0 && others.get(1).memberCount("second") == 0);
        heir.register("frozen-0");
        heir.join("frozen-0", "room");
        frozen.thaw();
        await(
                "the others are back",
                () -> others.get(1).memberCount("room") == 3 && others.get(1).memberCount("second") == 2);

        assertThat(done(others.get(1).registry().locate("frozen-0")))
                .map(ConnectionRecord::node)
                .contains(heir.self());
        sayAtLast(frozen, "room", "here again");
        // What the node ends now, late, is not its own any more.
        assertThat(frozen.unregister("frozen-0")).isFalse();
        assertThat(frozen.unregister("frozen-1")).isTrue();
        assertThat(others.get(1).members("room")).containsExactlyInAnyOrder("frozen-0", "frozen-2");
        assertThat(others.get(1).members("second")).containsExactly("frozen-2");
        assertThat(others.get(1).connectionCount()).isEqualTo(2);
        settle("room", others);
        assertAlternate(others.get(1).feed("room").ordered(), 2);
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

package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupCount;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.Page;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who is in a group, and how it is told: R07, R08, R09, R12 for joins. */
abstract class MembershipTck extends TckTest {

    private static final GroupPolicy SILENT = GroupPolicy.DEFAULT.withPresence(Presence.OFF);

    // ---- R07 ----

    @Test
    void r07_join_is_visible_on_every_node_when_its_future_completes() {
        List<TckNode> nodes = cluster().start(3);
        List<String> joined = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            TckNode owner = nodes.get(i % 3);
            String id = "c" + i;
            owner.register(id);
            owner.join(id, "room");
            joined.add(id);
            for (TckNode node : nodes) {
                assertThat(node.memberCount("room")).isEqualTo(joined.size());
                assertThat(node.members("room")).isEqualTo(joined);
            }
        }
    }

    @Test
    void r07_leave_is_visible_on_every_node_when_its_future_completes() {
        List<TckNode> nodes = cluster().start(3);
        List<String> present = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            nodes.get(i % 3).register("c" + i);
            nodes.get(i % 3).join("c" + i, "room");
            present.add("c" + i);
        }
        for (int i = 11; i >= 0; i--) {
            assertThat(nodes.get(i % 3).leave("c" + i, "room")).isTrue();
            present.remove("c" + i);
            for (TckNode node : nodes) {
                assertThat(node.memberCount("room")).isEqualTo(present.size());
                assertThat(node.members("room")).isEqualTo(present);
            }
        }
    }

    @Test
    void r07_members_are_the_records_of_the_join() {
        List<TckNode> nodes = cluster().start(3);
        TckNode owner = nodes.get(0);
        owner.register("c1");
        ConnectionRecord atJoin = owner.record("c1");
        owner.join("c1", "room");
        done(owner.registry()
                .register(new ConnectionRecord(
                        "c1", owner.self(), "tcp", null, null, "renamed", Instant.ofEpochMilli(5))));

        for (TckNode node : nodes) {
            assertThat(node.records("room", 10)).containsExactly(atJoin);
        }
    }

    @Test
    void r07_members_come_in_join_order_page_by_page() {
        List<TckNode> nodes = cluster().start(3);
        List<String> joined = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            // Ids and nodes in another order than the joins.
            String id = "c" + (i * 37) % 50;
            TckNode owner = nodes.get((i * 7) % 3);
            owner.register(id);
            owner.join(id, "room");
            joined.add(id);
        }
        for (int limit : new int[] {1, 7, 50, 1000}) {
            assertThat(nodes.get(1).records("room", limit))
                    .extracting(ConnectionRecord::connectionId)
                    .isEqualTo(joined);
        }
        Page<ConnectionRecord> page = done(nodes.get(2).registry().members("room", null, 7));
        assertThat(page.items()).hasSizeLessThanOrEqualTo(7);
    }

    @Test
    void r07_joining_again_does_not_move_a_member() {
        TckNode node = cluster().start("n1");
        node.register("a", "b");
        node.join("a", "room");
        node.join("b", "room");
        node.join("a", "room");
        assertThat(node.members("room")).containsExactly("a", "b");

        node.leave("a", "room");
        node.join("a", "room");
        assertThat(node.members("room")).containsExactly("b", "a");
    }

    @Test
    void r07_what_does_not_exist_is_empty() {
        TckNode node = cluster().start("n1");

        assertThat(node.memberCount("nowhere")).isZero();
        assertThat(node.members("nowhere")).isEmpty();
        assertThat(node.groupsOf("nobody")).isEmpty();
        assertThat(node.groups()).isEmpty();
    }

    @Test
    void r07_a_limit_out_of_range_throws() {
        TckNode node = cluster().start("n1");

        assertThatThrownBy(() -> node.registry().members("room", null, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> node.registry().members("room", null, 1001))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void r07_the_groups_of_a_connection_are_known_on_every_node() {
        List<TckNode> nodes = cluster().start(3);
        nodes.get(0).register("c1");
        Set<String> groups = new HashSet<>();
        for (int i = 0; i < 25; i++) {
            nodes.get(0).join("c1", "room " + i);
            groups.add("room " + i);
        }
        nodes.get(0).leave("c1", "room 3");
        groups.remove("room 3");

        for (TckNode node : nodes) {
            assertThat(node.groupsOf("c1")).isEqualTo(groups);
        }
    }

    // ---- groups() ----

    @Test
    void r08_groups_lists_each_non_empty_group_with_its_count() {
        List<TckNode> nodes = cluster().start(3);
        Map<String, Long> expected = new TreeMap<>();
        List<Future<?>> joins = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            nodes.get(i).register("c" + i);
        }
        for (int i = 0; i < 300; i++) {
            for (int j = 0; j <= i % 3; j++) {
                joins.add(nodes.get(j).registry().join("c" + j, "room " + i, GroupPolicy.DEFAULT));
            }
            expected.put("room " + i, (long) i % 3 + 1);
            if (joins.size() >= 60) {
                // All at once would not be done within the operation time-out on a busy machine.
                joins.forEach(join -> done(join));
                joins.clear();
            }
        }
        joins.forEach(join -> done(join));
        nodes.get(0).leave("c0", "room 0");
        expected.remove("room 0");
        nodes.get(1).say("nobody is here", "x");

        for (TckNode node : nodes) {
            assertThat(new TreeMap<>(node.groups())).isEqualTo(expected);
        }
    }

    @Test
    void r08_a_group_that_is_non_empty_throughout_is_listed_while_others_come_and_go() {
        List<TckNode> nodes = cluster().start(2);
        TckNode node = nodes.get(0);
        node.register("stays", "moves");
        Set<String> stable = new HashSet<>();
        for (int i = 0; i < 150; i++) {
            node.join("stays", "stable " + i);
            stable.add("stable " + i);
            node.join("moves", "moving " + i);
        }
        List<Future<?>> moves = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            moves.add(node.registry().leave("moves", "moving " + i));
            moves.add(node.registry().join("moves", "moved " + i, GroupPolicy.DEFAULT));
        }
        Set<String> seen = new HashSet<>();
        String cursor = null;
        do {
            Page<GroupCount> page = done(nodes.get(1).registry().groups(cursor));
            page.items().forEach(each -> seen.add(each.group()));
            cursor = page.next();
        } while (cursor != null);
        moves.forEach(move -> done(move));

        assertThat(seen).containsAll(stable);
    }

    // ---- R08 ----

    @Test
    void r08_unregister_leaves_every_group() {
        List<TckNode> nodes = cluster().start(2);
        TckNode owner = nodes.get(0);
        TckNode watcher = nodes.get(1);
        owner.register("c1", "c2");
        for (int i = 0; i < 20; i++) {
            watcher.watch("room " + i);
            owner.join("c1", "room " + i);
            owner.join("c2", "room " + i);
        }
        assertThat(owner.unregister("c1")).isTrue();

        assertThat(watcher.groupsOf("c1")).isEmpty();
        assertThat(watcher.done(watcher.registry().locate("c1"))).isEmpty();
        for (int i = 0; i < 20; i++) {
            String group = "room " + i;
            assertThat(watcher.members(group)).containsExactly("c2");
            settle(group, List.of(watcher));
            assertThat(watcher.feed(group).ids(Kind.LEFT)).containsExactly("c1");
        }
    }

    // ---- R09 ----

    @Test
    void r09_joins_and_leaves_take_positions_in_one_sequence_with_messages() {
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        Position start = nodes.get(0).watch("room");
        nodes.get(0).register("a");
        nodes.get(1).register("b");
        nodes.get(0).join("a", "room");
        nodes.get(2).say("room", "one");
        nodes.get(1).join("b", "room");
        nodes.get(2).say("room", "two");
        nodes.get(0).leave("a", "room");
        settle("room", nodes);

        List<Publication> fed = nodes.get(0).feed("room").ordered();
        assertThat(fed)
                .extracting(Publication::kind)
                .containsExactly(Kind.JOINED, Kind.MESSAGE, Kind.JOINED, Kind.MESSAGE, Kind.LEFT, Kind.MESSAGE);
        assertDense(start, fed);
        assertSameFeed("room", nodes);
        assertThat(fed.get(0).member()).isEqualTo(nodes.get(0).record("a"));
        assertThat(fed.get(0).sender()).isEqualTo("a");
        assertThat(fed.get(4).member()).isEqualTo(nodes.get(0).record("a"));
        assertThat(fed.get(4).sender()).isEqualTo("a");
    }

    @Test
    void r09_each_real_change_is_one_publication_and_repetitions_are_none() {
        List<TckNode> nodes = cluster().start(2);
        TckNode owner = nodes.get(0);
        nodes.forEach(node -> node.watch("room"));
        owner.register("c1");
        for (int i = 0; i < 3; i++) {
            owner.join("c1", "room");
        }
        assertThat(owner.leave("c1", "room")).isTrue();
        assertThat(owner.leave("c1", "room")).isFalse();
        settle("room", nodes);

        for (TckNode node : nodes) {
            assertThat(node.feed("room").ids(Kind.JOINED)).containsExactly("c1");
            assertThat(node.feed("room").ids(Kind.LEFT)).containsExactly("c1");
        }
    }

    @Test
    void r09_leaving_carries_the_record_of_the_join() {
        TckNode node = cluster().start("n1");
        node.watch("room");
        node.register("c1");
        ConnectionRecord atJoin = node.record("c1");
        node.join("c1", "room");
        done(node.registry()
                .register(new ConnectionRecord("c1", node.self(), "tcp", null, null, "new", Instant.ofEpochMilli(5))));
        node.leave("c1", "room");
        settle("room", List.of(node));

        assertThat(node.feed("room").of(Kind.LEFT))
                .extracting(Publication::member)
                .containsExactly(atJoin);
    }

    @Test
    void r09_without_presence_nothing_is_published_and_membership_is_exact() {
        List<TckNode> nodes = cluster().start(2);
        nodes.forEach(node -> node.watch("room"));
        TckNode owner = nodes.get(0);
        owner.register("a", "b");
        Position start = owner.publish("room", Draft.text(null, "start"), SILENT);
        owner.join("a", "room", SILENT);
        owner.join("b", "room", SILENT);
        assertThat(nodes.get(1).members("room")).containsExactly("a", "b");
        owner.leave("a", "room");
        owner.unregister("b");
        assertThat(nodes.get(1).memberCount("room")).isZero();
        Position end = owner.publish("room", Draft.text(null, "end"), SILENT);

        await("the end", () -> nodes.get(1).feed("room").texts().contains("end"));
        assertThat(end).isEqualTo(start.at(start.offset() + 1));
        assertThat(nodes.get(1).feed("room").texts()).containsExactly("start", "end");
        assertThat(nodes.get(1).feed("room").ordered()).hasSize(2);
    }

    @Test
    void r09_leaving_goes_by_the_policy_of_the_latest_join_or_publish() {
        TckNode node = cluster().start("n1");
        node.watch("falls silent");
        node.watch("begins to tell");
        node.register("c1");

        node.join("c1", "falls silent");
        node.publish("falls silent", Draft.text(null, "hush"), SILENT);
        node.leave("c1", "falls silent");
        node.publish("falls silent", Draft.text(null, "marker"), SILENT);
        await("the marker", () -> node.feed("falls silent").texts().contains("marker"));
        assertThat(node.feed("falls silent").of(Kind.LEFT)).isEmpty();

        node.join("c1", "begins to tell", SILENT);
        node.say("begins to tell", "now");
        node.unregister("c1");
        settle("begins to tell", List.of(node));
        assertThat(node.feed("begins to tell").of(Kind.JOINED)).isEmpty();
        assertThat(node.feed("begins to tell").ids(Kind.LEFT)).containsExactly("c1");
    }

    // ---- R12 ----

    @Test
    void r12_join_returns_the_position_just_before_the_members_own_joined() {
        List<TckNode> nodes = cluster().start(3);
        TckNode watcher = nodes.get(2);
        Position start = watcher.watch("room");
        List<Future<Position>> joins = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            TckNode owner = nodes.get(i % 2);
            owner.register("c" + i);
            nodes.get(2).registry().publish("room", Draft.text(null, "m" + i), GroupPolicy.DEFAULT);
            joins.add(owner.registry().join("c" + i, "room", GroupPolicy.DEFAULT));
        }
        List<Position> returned = done(joins);
        settle("room", watcher, List.of(watcher));

        assertDense(start, watcher.feed("room").ordered());
        for (Publication joined : watcher.feed("room").of(Kind.JOINED)) {
            int i = Integer.parseInt(joined.member().connectionId().substring(1));
            assertThat(joined.position())
                    .isEqualTo(returned.get(i).at(returned.get(i).offset() + 1));
        }
        assertThat(watcher.feed("room").of(Kind.JOINED)).hasSize(20);
    }

    @Test
    void r12_without_presence_join_returns_the_head() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        node.say("room", "one");
        Position head = node.say("room", "two");

        assertThat(node.join("c1", "room", SILENT)).isEqualTo(head);
    }

    @Test
    void r12_a_repeated_join_returns_the_first_position_until_the_member_left() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        node.say("room", "before");
        Position first = node.join("c1", "room");
        node.say("room", "after");
        assertThat(node.join("c1", "room")).isEqualTo(first);

        node.leave("c1", "room");
        Position head = node.head("room");
        assertThat(node.join("c1", "room")).isEqualTo(head);
    }
}

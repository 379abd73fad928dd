package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.Published;
import dev.muster.registry.Slice;
import dev.muster.registry.Slice.Completeness;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a group remembers, and what it says of what it does not: R09, R16 while nothing fails. */
abstract class LogTck extends TckTest {

    private static final GroupPolicy SILENT = GroupPolicy.DEFAULT.withPresence(Presence.OFF);

    /** Publishes {@code m0} to {@code m<count-1>} and returns where each is. */
    private List<Position> sayMany(TckNode node, String group, int count, GroupPolicy policy) {
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            published.add(node.registry().publish(group, Draft.text(null, "m" + i), policy));
        }
        return done(published).stream().map(Published::position).toList();
    }

    private static List<String> texts(List<Publication> publications) {
        return publications.stream()
                .filter(each -> each.kind() == Kind.MESSAGE)
                .map(each -> each.payload().toString())
                .toList();
    }

    private static List<String> numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    /** Reads on until nothing is left; every slice must be complete in both respects. */
    private static List<Publication> readAll(TckNode node, String group, Position after, int limit) {
        List<Publication> all = new ArrayList<>();
        Position from = after;
        Slice slice;
        do {
            slice = node.read(group, from, limit);
            assertThat(slice.messages()).isEqualTo(Completeness.COMPLETE);
            assertThat(slice.memberships()).isEqualTo(Completeness.COMPLETE);
            assertThat(slice.publications()).hasSizeLessThanOrEqualTo(limit);
            if (slice.hasMore()) {
                assertThat(slice.through().offset()).isGreaterThan(from.offset());
            }
            all.addAll(slice.publications());
            from = slice.through();
        } while (slice.hasMore());
        return all;
    }

    // ---- reading ----

    @Test
    void r16_read_returns_what_was_published_from_any_position_on_any_node() {
        List<TckNode> nodes = cluster().start(3);
        Position start = nodes.get(0).watch("room");
        List<Position> positions = sayMany(nodes.get(0), "room", 60, GroupPolicy.DEFAULT);
        for (TckNode node : nodes) {
            assertThat(texts(readAll(node, "room", start, 1000))).isEqualTo(numbered(0, 60));
            for (int i : new int[] {0, 1, 30, 58, 59}) {
                Slice slice = node.read("room", positions.get(i), 1000);
                assertThat(texts(slice.publications())).isEqualTo(numbered(i + 1, 60));
                assertThat(slice.messages()).isEqualTo(Completeness.COMPLETE);
                assertThat(slice.head()).isEqualTo(positions.get(59));
                assertThat(slice.through()).isEqualTo(positions.get(59));
            }
        }
    }

    @Test
    void r16_read_goes_on_page_by_page() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        Position start = node.watch("room");
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            node.say("room", "m" + i);
            said.add("m" + i);
            if (i % 4 == 0) {
                node.join("c1", "room");
            } else if (i % 4 == 2) {
                node.leave("c1", "room");
            }
        }
        for (int limit : new int[] {1, 3, 7, 60, 1000}) {
            List<Publication> read = readAll(node, "room", start, limit);
            assertDense(start, read);
            assertThat(texts(read)).isEqualTo(said);
            assertThat(read).hasSize(60);
        }
    }

    @Test
    void r16_read_at_the_head_is_complete_and_empty() {
        TckNode node = cluster().start("n1");
        Position head = node.say("room", "one");
        Slice slice = node.read("room", head, 10);

        assertThat(slice.publications()).isEmpty();
        assertThat(slice.messages()).isEqualTo(Completeness.COMPLETE);
        assertThat(slice.memberships()).isEqualTo(Completeness.COMPLETE);
        assertThat(slice.hasMore()).isFalse();
    }

    @Test
    void r16_a_position_past_the_head_is_ahead() {
        TckNode node = cluster().start("n1");
        Position head = node.say("room", "one");
        Slice slice = node.read("room", head.at(head.offset() + 1), 10);

        assertThat(slice.messages()).isEqualTo(Completeness.AHEAD);
        assertThat(slice.publications()).isEmpty();
        assertThat(slice.head()).isEqualTo(head);
    }

    @Test
    void r16_a_position_of_an_epoch_that_never_was_is_refused() {
        TckNode node = cluster().start("n1");
        Position head = node.say("room", "one");
        for (long offset : new long[] {0, head.offset(), head.offset() + 7}) {
            Slice slice = node.read("room", new Position("never.was", offset), 10);
            assertThat(slice.messages()).isEqualTo(Completeness.EPOCH_CHANGED);
            assertThat(slice.memberships()).isEqualTo(Completeness.EPOCH_CHANGED);
            assertThat(slice.head()).isEqualTo(head);
        }
    }

    @Test
    void r16_a_limit_out_of_range_throws() {
        TckNode node = cluster().start("n1");
        Position head = node.say("room", "one");

        assertThatThrownBy(() -> node.registry().read("room", head, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> node.registry().read("room", head, 1001)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void r16_heads_tells_the_newest_position_of_each_group_that_exists() {
        List<TckNode> nodes = cluster().start(2);
        Set<String> asked = new HashSet<>();
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            asked.add("room " + i);
            if (i % 3 != 0) {
                published.add(nodes.get(0).registry().publish("room " + i, Draft.text(null, "m"), GroupPolicy.DEFAULT));
            }
        }
        done(published);
        Position second = nodes.get(0).say("room 1", "again");
        Map<String, Position> heads = done(nodes.get(1).registry().heads(asked));

        assertThat(heads).hasSize(200).doesNotContainKey("room 0").containsEntry("room 1", second);
        assertThat(done(nodes.get(1).registry().heads(List.of()))).isEmpty();
    }

    // ---- what is kept ----

    @Test
    void r16_the_history_of_the_policy_is_kept_and_what_is_beyond_is_said_to_be_trimmed() {
        TckNode node = cluster().start("n1");
        Position start = node.watch("room");
        List<Position> positions = sayMany(node, "room", 400, GroupPolicy.DEFAULT);

        Slice promised = node.read("room", positions.get(299), 1000);
        assertThat(promised.messages()).isEqualTo(Completeness.COMPLETE);
        assertThat(texts(promised.publications())).isEqualTo(numbered(300, 400));
        Slice beyond = node.read("room", start, 1000);
        assertThat(beyond.messages()).isEqualTo(Completeness.TRIMMED);
        assertTail(texts(beyond.publications()), 400, 100);
    }

    @Test
    void r16_without_history_a_repair_tail_is_kept() {
        TckNode node = cluster().start("n1");
        Position start = node.watch("room");
        GroupPolicy none = new GroupPolicy(0, Duration.ZERO, 0, Presence.EVENTS);
        List<Position> positions = sayMany(node, "room", 300, none);

        Slice tail = node.read("room", positions.get(299 - GroupPolicy.REPAIR_MESSAGES), 1000);
        assertThat(tail.messages()).isEqualTo(Completeness.COMPLETE);
        assertThat(texts(tail.publications())).isEqualTo(numbered(300 - GroupPolicy.REPAIR_MESSAGES, 300));
        assertThat(node.read("room", start, 1000).messages()).isEqualTo(Completeness.TRIMMED);
    }

    @Test
    void r16_history_is_bounded_by_bytes() {
        TckNode node = cluster().start("n1");
        Position start = node.watch("room");
        GroupPolicy small = new GroupPolicy(10_000, Duration.ofSeconds(60), 100_000, Presence.EVENTS);
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Draft draft = Draft.binary(null, Buffer.buffer(new byte[1_000]));
            published.add(node.registry().publish("room", draft, small));
        }
        List<Position> positions =
                done(published).stream().map(Published::position).toList();

        // 99: with the last one's own bytes the bound is reached.
        Slice promised = node.read("room", positions.get(300), 1000);
        assertThat(promised.messages()).isEqualTo(Completeness.COMPLETE);
        assertThat(promised.publications()).hasSize(99);
        Slice beyond = node.read("room", start, 1000);
        assertThat(beyond.messages()).isEqualTo(Completeness.TRIMMED);
        assertThat(beyond.publications()).hasSizeLessThan(300);
    }

    @Test
    void r16_messages_older_than_the_policy_are_all_there_or_said_to_be_trimmed() {
        TckNode node = cluster().start("n1");
        Position start = node.watch("room");
        GroupPolicy brief = GroupPolicy.DEFAULT.withHistory(1_000, Duration.ofMillis(200));
        sayMany(node, "room", 300, brief);
        pass(Duration.ofSeconds(1));

        Slice slice = node.read("room", start, 1000);
        if (slice.messages() == Completeness.COMPLETE) {
            assertThat(texts(slice.publications())).isEqualTo(numbered(0, 300));
        } else {
            assertThat(slice.messages()).isEqualTo(Completeness.TRIMMED);
            assertTail(texts(slice.publications()), 300, GroupPolicy.REPAIR_MESSAGES);
        }
    }

    /** Newest messages in order without a hole, at least so many. */
    private static void assertTail(List<String> texts, int published, int atLeast) {
        assertThat(texts.size()).isBetween(atLeast, published - 1);
        assertThat(texts).isEqualTo(numbered(published - texts.size(), published));
    }

    // ---- R09 ----

    @Test
    void r09_churn_flushes_no_message() {
        List<TckNode> nodes = cluster().start(2);
        TckNode node = nodes.get(0);
        node.register("c1");
        Position start = node.watch("room");
        sayMany(node, "room", 50, GroupPolicy.DEFAULT);
        List<Future<?>> churn = new ArrayList<>();
        for (int i = 0; i < 2 * GroupPolicy.MEMBERSHIP_CHANGES; i++) {
            churn.add(node.registry().join("c1", "room", GroupPolicy.DEFAULT));
            churn.add(node.registry().leave("c1", "room"));
            // One connection's calls come one after another, and each has its time from when it was made.
            if (churn.size() >= 60) {
                churn.forEach(call -> done(call));
                churn.clear();
            }
        }
        churn.forEach(call -> done(call));
        Position last = node.say("room", "m50");
        Slice slice = nodes.get(1).read("room", start, 1000);

        assertThat(slice.messages()).isEqualTo(Completeness.COMPLETE);
        assertThat(slice.memberships()).isEqualTo(Completeness.TRIMMED);
        assertThat(texts(slice.publications())).isEqualTo(numbered(0, 51));
        assertThat(last.offset()).isEqualTo(start.offset() + 51 + 4L * GroupPolicy.MEMBERSHIP_CHANGES);
        assertThat(slice.publications())
                .extracting(each -> each.position().offset())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void r09_messages_flush_no_change_of_membership() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        Position start = node.join("c1", "room");
        node.leave("c1", "room");
        sayMany(node, "room", 400, GroupPolicy.DEFAULT);
        Slice slice = node.read("room", start, 1000);

        assertThat(slice.messages()).isEqualTo(Completeness.TRIMMED);
        assertThat(slice.memberships()).isEqualTo(Completeness.COMPLETE);
        assertThat(slice.publications())
                .extracting(Publication::kind)
                .filteredOn(Kind::isMembership)
                .containsExactly(Kind.JOINED, Kind.LEFT);
    }

    @Test
    void r09_the_last_changes_of_membership_are_kept() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        for (int i = 0; i < GroupPolicy.MEMBERSHIP_CHANGES; i++) {
            node.join("c1", "room");
            node.leave("c1", "room");
        }
        Position head = node.head("room");
        Position promised = head.at(head.offset() - GroupPolicy.MEMBERSHIP_CHANGES);
        Slice slice = node.read("room", promised, 1000);

        assertThat(slice.memberships()).isEqualTo(Completeness.COMPLETE);
        assertDense(promised, slice.publications());
        assertThat(slice.publications()).hasSize(GroupPolicy.MEMBERSHIP_CHANGES);
        assertThat(slice.through()).isEqualTo(head);
    }

    @Test
    void r09_read_merges_messages_and_changes_in_order_under_any_limit() {
        TckNode node = cluster().start("n1");
        node.register("a", "b");
        Position start = node.watch("room");
        for (int i = 0; i < 10; i++) {
            node.join("a", "room");
            node.join("b", "room");
            node.say("room", "m" + i);
            node.leave("a", "room");
            node.leave("b", "room");
        }
        for (int limit : new int[] {1, 2, 9, 1000}) {
            List<Publication> read = readAll(node, "room", start, limit);
            assertDense(start, read);
            assertThat(read).hasSize(50);
        }
    }

    @Test
    void r09_a_silent_group_has_nothing_but_messages() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        Position start = node.join("c1", "room", SILENT);
        sayMany(node, "room", 3, SILENT);
        node.leave("c1", "room");
        List<Publication> read = readAll(node, "room", start, 10);

        assertDense(start, read);
        assertThat(texts(read)).isEqualTo(numbered(0, 3));
    }
}

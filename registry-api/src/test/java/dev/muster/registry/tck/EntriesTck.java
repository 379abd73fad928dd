package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.Draft;
import dev.muster.registry.Draft.EntryChange;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Limits;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.Slice;
import dev.muster.registry.SnapshotPage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Keyed entries of a group: R17. */
abstract class EntriesTck extends TckTest {

    private static Draft put(String key, String value) {
        return Draft.put(key, Buffer.buffer(value));
    }

    private static Position publish(TckNode node, Draft draft) {
        return node.publish("space", draft, GroupPolicy.DEFAULT);
    }

    private Reason refused(TckNode node, Draft draft) {
        return failure(node.registry().publish("space", draft, GroupPolicy.DEFAULT));
    }

    @Test
    void r17_put_and_remove_change_the_entries_with_their_publication() {
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("space"));
        Position first = publish(nodes.get(0), put("a", "1"));
        Position second = publish(nodes.get(1), put("b", "2"));
        Position third = publish(nodes.get(2), put("a", "3"));
        publish(nodes.get(0), Draft.remove("b"));

        for (TckNode node : nodes) {
            assertThat(node.entries("space"))
                    .containsExactly(Map.entry("a", new SnapshotPage.Entry("a", Buffer.buffer("3"), third)));
        }
        settle("space", nodes);
        List<Publication> fed = nodes.get(1).feed("space").ordered();
        assertThat(fed)
                .extracting(Publication::kind)
                .containsExactly(Kind.PUT, Kind.PUT, Kind.PUT, Kind.REMOVE, Kind.MESSAGE);
        assertThat(fed).extracting(Publication::key).containsExactly("a", "b", "a", "b", null);
        assertThat(fed).extracting(Publication::position).startsWith(first, second, third);
        assertThat(fed.get(3).payload().length()).isZero();
        assertSameFeed("space", nodes);
    }

    @Test
    void r17_removing_what_is_not_there_is_a_publication_all_the_same() {
        TckNode node = cluster().start("n1");
        node.watch("space");
        publish(node, Draft.remove("nothing"));
        settle("space", List.of(node));

        assertThat(node.feed("space").of(Kind.REMOVE)).hasSize(1);
        assertThat(node.entries("space")).isEmpty();
    }

    @Test
    void r17_an_empty_value_is_not_the_absence_of_a_value() {
        TckNode node = cluster().start("n1");
        Position put = publish(node, Draft.put("a", Buffer.buffer()));

        assertThat(node.entries("space"))
                .containsExactly(Map.entry("a", new SnapshotPage.Entry("a", Buffer.buffer(), put)));
    }

    @Test
    void r17_keys_and_values_are_opaque() {
        List<TckNode> nodes = cluster().start(2);
        Map<String, Buffer> expected = new HashMap<>();
        Random random = new Random(17);
        for (String key : List.of(
                "a", "A", "a:b", "*", "{x}", " ", "\u0000", "\n", "🙂", "é", "e\u0301", "0", "1.0", "k".repeat(512))) {
            byte[] value = new byte[300];
            random.nextBytes(value);
            expected.put(key, Buffer.buffer(value));
            publish(nodes.get(0), Draft.put(key, Buffer.buffer(value)));
        }
        Map<String, Buffer> found = new HashMap<>();
        nodes.get(1).entries("space").forEach((key, entry) -> found.put(key, entry.value()));

        assertThat(found).isEqualTo(expected);
        assertThatThrownBy(() -> put("k".repeat(Limits.MAX_KEY_BYTES + 1), "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void r17_entries_of_different_groups_do_not_meet() {
        TckNode node = cluster().start("n1");
        node.publish("one", put("a", "1"), GroupPolicy.DEFAULT);
        node.publish("two", put("a", "2"), GroupPolicy.DEFAULT);
        node.publish("one", Draft.remove("a"), GroupPolicy.DEFAULT);

        assertThat(node.entries("one")).isEmpty();
        assertThat(node.entries("two")).containsOnlyKeys("a");
    }

    @Test
    void r17_a_group_that_does_not_exist_has_an_empty_snapshot_to_go_on_from() {
        TckNode node = cluster().start("n1");
        SnapshotPage page = done(node.registry().snapshot("space", null));
        assertThat(page.entries()).isEmpty();
        assertThat(page.next()).isNull();

        Position put = publish(node, put("a", "1"));
        Slice after = node.read("space", page.base(), 10);
        assertThat(after.messages()).isEqualTo(Slice.Completeness.COMPLETE);
        assertThat(after.publications()).extracting(Publication::position).containsExactly(put);
    }

    // ---- expected revisions ----

    @Test
    void r17_an_expected_revision_that_differs_is_a_conflict_without_any_effect() {
        List<TckNode> nodes = cluster().start(2);
        nodes.forEach(node -> node.watch("space"));
        TckNode node = nodes.get(0);
        Position first = publish(node, put("a", "1"));
        Position second = publish(nodes.get(1), put("a", "2").expecting(first));

        assertThat(refused(node, put("a", "3").expecting(first))).isEqualTo(Reason.CONFLICT);
        assertThat(refused(node, put("a", "3").expecting(EntryChange.ABSENT))).isEqualTo(Reason.CONFLICT);
        assertThat(refused(node, put("b", "3").expecting(first))).isEqualTo(Reason.CONFLICT);
        assertThat(refused(node, Draft.remove("a").expecting(first))).isEqualTo(Reason.CONFLICT);
        assertThat(refused(node, put("a", "3").expecting(new Position("other", second.offset()))))
                .isEqualTo(Reason.CONFLICT);
        assertThat(nodes.get(1).entries("space"))
                .containsExactly(Map.entry("a", new SnapshotPage.Entry("a", Buffer.buffer("2"), second)));
        settle("space", nodes);
        assertThat(nodes.get(1).feed("space").of(Kind.PUT)).hasSize(2);
        assertDense(first, nodes.get(1).feed("space").ordered().subList(1, 3));
    }

    @Test
    void r17_the_expected_revision_of_an_absent_entry_is_absent() {
        TckNode node = cluster().start("n1");
        Position created = publish(node, put("a", "1").expecting(EntryChange.ABSENT));
        publish(node, Draft.remove("a").expecting(created));
        publish(node, put("a", "2").expecting(EntryChange.ABSENT));

        assertThat(node.entries("space").get("a").value()).isEqualTo(Buffer.buffer("2"));
        assertThat(refused(node, put("a", "3").expecting(created))).isEqualTo(Reason.CONFLICT);
    }

    @Test
    void r17_a_counter_changed_on_all_nodes_at_once_loses_nothing() throws Exception {
        List<TckNode> nodes = cluster().start(3);
        nodes.get(0).watch("space");
        publish(nodes.get(0), put("counter", "0"));
        int rounds = 15;
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failed = new ArrayList<>();
        for (TckNode node : nodes) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < rounds; i++) {
                    increment(node);
                }
            });
            thread.setUncaughtExceptionHandler((any, failure) -> failed.add(failure));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failed).isEmpty();
        assertThat(nodes.get(2).entries("space").get("counter").value()).isEqualTo(Buffer.buffer("" + 3 * rounds));
        settle("space", nodes.subList(0, 1));
        assertThat(nodes.get(0).feed("space").of(Kind.PUT)).hasSize(1 + 3 * rounds);
    }

    private static void increment(TckNode node) {
        while (true) {
            SnapshotPage.Entry counter =
                    Objects.requireNonNull(node.entries("space").get("counter"));
            int next = Integer.parseInt(counter.value().toString()) + 1;
            Draft draft = put("counter", "" + next).expecting(counter.revision());
            Future<Published> published = node.registry().publish("space", draft, GroupPolicy.DEFAULT);
            try {
                node.done(published);
                return;
            } catch (TckNode.OperationFailed lost) {
                if (!(lost.getCause() instanceof RegistryException known) || known.reason() != Reason.CONFLICT) {
                    throw lost;
                }
            }
        }
    }

    // ---- snapshots ----

    @Test
    void r17_a_large_snapshot_comes_in_pages() {
        List<TckNode> nodes = cluster().start(2);
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            published.add(nodes.get(0).registry().publish("space", put("key " + i, "v" + i), GroupPolicy.DEFAULT));
        }
        done(published);
        List<SnapshotPage> pages = new ArrayList<>();
        String cursor = null;
        do {
            SnapshotPage page = done(nodes.get(1).registry().snapshot("space", cursor));
            pages.add(page);
            cursor = page.next();
        } while (cursor != null);
        Map<String, String> values = new HashMap<>();
        pages.forEach(page -> page.entries()
                .forEach(each -> values.put(each.key(), each.value().toString())));

        assertThat(values).hasSize(2_500);
        values.forEach((key, value) -> assertThat(value).isEqualTo("v" + key.substring(4)));
        assertThat(pages)
                .extracting(SnapshotPage::base)
                .containsOnly(nodes.get(0).head("space"));
    }

    @Test
    void r17_pages_and_the_publications_after_the_base_equal_the_entries_at_any_later_time() {
        List<TckNode> nodes = cluster().start(2);
        TckNode writer = nodes.get(0);
        TckNode reader = nodes.get(1);
        Random random = new Random(171);
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            published.add(writer.registry().publish("space", put("key " + i, "first"), GroupPolicy.DEFAULT));
        }
        done(published);
        // Changes go on between the pages: keys not yet read, keys read, new keys, removed keys.
        Map<String, Held> held = new HashMap<>();
        SnapshotPage page = done(reader.registry().snapshot("space", null));
        Position base = page.base();
        int change = 0;
        while (true) {
            page.entries()
                    .forEach(each ->
                            held.put(each.key(), new Held(each.revision().offset(), each.value())));
            for (int i = 0; i < 20; i++) {
                String key = "key " + random.nextInt(1_600);
                Draft draft = random.nextInt(3) == 0 ? Draft.remove(key) : put(key, "change " + change++);
                publish(writer, draft);
            }
            if (page.next() == null) {
                break;
            }
            page = done(reader.registry().snapshot("space", page.next()));
        }
        replay(reader, base, held);

        Map<String, Held> expected = new HashMap<>();
        reader.entries("space")
                .forEach((key, entry) ->
                        expected.put(key, new Held(entry.revision().offset(), entry.value())));
        held.values().removeIf(each -> each.value() == null);
        assertThat(held).isEqualTo(expected);
    }

    /** What a reader of a snapshot has under a key; without a value it was removed. */
    private record Held(long offset, Buffer value) {}

    private static void replay(TckNode reader, Position base, Map<String, Held> held) {
        Position from = base;
        Slice slice;
        do {
            slice = reader.read("space", from, 1000);
            assertThat(slice.messages()).isEqualTo(Slice.Completeness.COMPLETE);
            for (Publication publication : slice.publications()) {
                long offset = publication.position().offset();
                Held present = held.get(publication.key());
                if (present == null || present.offset() < offset) {
                    Buffer value = publication.kind() == Kind.REMOVE ? null : publication.payload();
                    held.put(publication.key(), new Held(offset, value));
                }
            }
            from = slice.through();
        } while (slice.hasMore());
    }

    @Test
    void r17_a_group_with_entries_keeps_a_longer_repair_tail() {
        TckNode node = cluster().start("n1");
        Position start = node.watch("space");
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < GroupPolicy.REPAIR_MESSAGES_WITH_ENTRIES; i++) {
            published.add(node.registry().publish("space", put("key " + i % 10, "v" + i), GroupPolicy.DEFAULT));
        }
        done(published);
        Slice slice = node.read("space", start, 1000);

        assertThat(slice.messages()).isEqualTo(Slice.Completeness.COMPLETE);
        assertThat(slice.publications()).hasSize(1_000);
        assertDense(start, slice.publications());
    }
}

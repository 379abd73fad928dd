package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Limits;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.RegistryContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Names, bytes and namespaces are opaque: R10, R18, R24. */
abstract class NamesTck extends TckTest {

    /** Legal names that an implementation might take for something else, or for one another. */
    private Set<String> oddNames() {
        Set<String> names = new LinkedHashSet<>(List.of(
                "a",
                "A",
                " a",
                "a ",
                "a:b",
                "a:b:c",
                ":a",
                "a:",
                "::",
                "a:members",
                "a:log",
                "a:meta",
                "a.b",
                "a/b",
                "/",
                "..",
                "*",
                "a*",
                "?",
                "[ab]",
                "a\\",
                "\\*",
                "{a}",
                "{a",
                "a}b",
                "{}",
                "{",
                "}",
                "#",
                "%3A",
                "a%3Ab",
                "%",
                "$",
                "\"",
                "'",
                "null",
                "0",
                "-1",
                "groups",
                "nodes",
                "leases",
                "é",
                "e\u0301",
                "🙂",
                "👩‍👩‍👧",
                "日本",
                "\u0000",
                "a\u0000",
                "\n",
                "\r\n",
                "\t",
                "\u001b[31m",
                "\u007f",
                "\u202e",
                "\ufeff"));
        names.add("x".repeat(Limits.MAX_GROUP_BYTES));
        names.add("x".repeat(Limits.MAX_GROUP_BYTES - 1) + "y");
        names.add("🙂".repeat(63) + "abc");
        names.add("{" + cluster().namespace() + ":0}");
        names.add(cluster().namespace() + ":a");
        return names;
    }

    @Test
    void r10_any_legal_group_name_has_members_and_a_log_of_its_own() {
        List<TckNode> nodes = cluster().start(2);
        TckNode owner = nodes.get(0);
        Set<String> names = oddNames();
        Map<String, String> members = new HashMap<>();
        int number = 0;
        for (String group : names) {
            String id = "c" + number++;
            members.put(group, id);
            owner.register(id);
            nodes.get(1).watch(group);
            owner.join(id, group);
            owner.say(group, "only in " + group);
        }

        for (String group : names) {
            String shown = Limits.shown(group);
            assertThat(nodes.get(1).members(group)).as(shown).containsExactly(members.get(group));
            assertThat(nodes.get(1).memberCount(group)).as(shown).isEqualTo(1);
            assertThat(nodes.get(1).groupsOf(members.get(group))).as(shown).containsExactly(group);
            settle(group, owner, nodes.subList(1, 2));
            assertThat(said(nodes.get(1), group)).as(shown).containsExactly("only in " + group);
            assertThat(nodes.get(1).feed(group).ids(Kind.JOINED)).as(shown).containsExactly(members.get(group));
        }
        assertThat(nodes.get(1).groups().keySet()).isEqualTo(names);
        assertThat(done(nodes.get(1).registry().heads(names)).keySet()).isEqualTo(names);
    }

    @Test
    void r10_illegal_names_throw_at_the_call() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        List<String> illegal =
                List.of("", "x".repeat(Limits.MAX_GROUP_BYTES + 1), "é".repeat(128), "half \ud83d", "\ude42 half");
        for (String group : illegal) {
            String shown = Limits.shown(group);
            assertThatThrownBy(() -> node.registry().join("c1", group, GroupPolicy.DEFAULT))
                    .as(shown)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> node.registry().publish(group, Draft.text(null, "x"), GroupPolicy.DEFAULT))
                    .as(shown)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> node.registry().watch(group))
                    .as(shown)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> node.registry().join("not:legal", "room", GroupPolicy.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> node.registry().watch(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void r10_users_and_records_keep_any_text() {
        List<TckNode> nodes = cluster().start(2);
        List<String> texts = List.of("a:b", "*", "{x}", "a b", "\u0000\n", "🙂", "é", "e\u0301", "u".repeat(128));
        int number = 0;
        for (String text : texts) {
            done(nodes.get(0)
                    .registry()
                    .register(new ConnectionRecord(
                            "c" + number++, nodes.get(0).self(), "tcp", text, text, text, Instant.ofEpochMilli(1))));
        }
        for (String text : texts) {
            List<ConnectionRecord> found = done(nodes.get(1).registry().connectionsOf(text));
            assertThat(found).as(Limits.shown(text)).hasSize(1);
            assertThat(found.get(0).user()).isEqualTo(text);
            assertThat(found.get(0).clientId()).isEqualTo(text);
            assertThat(found.get(0).displayName()).isEqualTo(text);
        }
    }

    @Test
    void r10_connection_ids_may_use_their_whole_alphabet() {
        List<TckNode> nodes = cluster().start(2);
        List<String> ids = List.of("-", "_", "a-b_C9", "A-B_C9", "x".repeat(Limits.MAX_CONNECTION_ID));
        for (String id : ids) {
            nodes.get(0).register(id);
            nodes.get(0).join(id, "room");
        }
        assertThat(nodes.get(1).members("room")).isEqualTo(ids);
    }

    // ---- R18 ----

    @Test
    void r18_payloads_of_every_size_arrive_unchanged() {
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        Random random = new Random(18);
        List<Buffer> payloads = new ArrayList<>();
        for (int size : new int[] {0, 1, 2, 127, 128, 255, 256, 1_024, 16_384, 65_535, 65_536, Cluster.MAX_PAYLOAD}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            payloads.add(Buffer.buffer(bytes));
        }
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        payloads.add(Buffer.buffer(all));
        payloads.add(Buffer.buffer(new byte[64]));
        Position start = nodes.get(0).say("room", "start");
        for (Buffer payload : payloads) {
            nodes.get(0).publish("room", Draft.binary(null, payload), GroupPolicy.DEFAULT);
        }

        for (TckNode node : nodes) {
            await("all at " + node, () -> node.feed("room").ordered().size() > payloads.size());
            List<Publication> fed = node.feed("room").ordered();
            assertThat(fed.subList(1, fed.size()))
                    .extracting(Publication::payload)
                    .isEqualTo(payloads);
            assertThat(fed.subList(1, fed.size()))
                    .extracting(Publication::contentType)
                    .containsOnly(ContentType.BINARY);
        }
        Position beforeLast = start.at(start.offset() + payloads.size() - 1);
        assertThat(nodes.get(2).read("room", beforeLast, 10).publications())
                .extracting(Publication::payload)
                .containsExactly(Buffer.buffer(new byte[64]));
    }

    @Test
    void r18_the_content_type_is_kept() {
        List<TckNode> nodes = cluster().start(2);
        nodes.get(1).watch("room");
        for (ContentType type : ContentType.values()) {
            Draft draft = new Draft(null, type, Buffer.buffer("1"), Map.of(), false, null, null);
            nodes.get(0).publish("room", draft, GroupPolicy.DEFAULT);
        }
        await("all", () -> nodes.get(1).feed("room").ordered().size() == ContentType.values().length);
        assertThat(nodes.get(1).feed("room").ordered())
                .extracting(Publication::contentType)
                .containsExactly(ContentType.values());
    }

    @Test
    void r18_more_than_the_largest_payload_throws_and_publishes_nothing() {
        TckNode node = cluster().start("n1");
        Position start = node.say("room", "start");
        Buffer tooLarge = Buffer.buffer(new byte[Cluster.MAX_PAYLOAD + 1]);
        assertThatThrownBy(() -> node.registry().publish("room", Draft.binary(null, tooLarge), GroupPolicy.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(node.head("room")).isEqualTo(start);
    }

    @Test
    void r18_the_largest_payload_of_the_defaults_arrives() {
        List<TckNode> nodes = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            RegistryContext small = cluster().context(cluster().namespace(), "big" + i);
            nodes.add(cluster()
                    .create(new RegistryContext(
                            small.vertx(),
                            small.namespace(),
                            small.nodeName(),
                            Clock.systemUTC(),
                            System::nanoTime,
                            small.timings(),
                            RegistryContext.DEFAULT_MAX_PAYLOAD,
                            small.options()))
                    .start());
        }
        cluster().awaitNodes(nodes, 2);
        nodes.forEach(node -> node.watch("room"));
        byte[] bytes = new byte[RegistryContext.DEFAULT_MAX_PAYLOAD];
        new Random(10).nextBytes(bytes);
        nodes.get(0).publish("room", Draft.binary(null, Buffer.buffer(bytes)), GroupPolicy.DEFAULT);
        settle("room", nodes);

        for (TckNode node : nodes) {
            Buffer heard = node.feed("room").ordered().get(0).payload();
            assertThat(heard.getBytes()).isEqualTo(bytes);
        }
    }

    // ---- R24 ----

    @Test
    void r24_two_namespaces_on_one_backend_never_see_each_other() {
        String other = cluster().namespace() + ".b";
        TckNode here = cluster().start("n1");
        TckNode there = cluster().create(cluster().context(other, "n1")).start();
        List<TckNode> both = List.of(here, there);
        for (TckNode node : both) {
            node.watch("room");
            node.register("c1");
            node.join("c1", "room");
        }
        here.register("c2");
        here.join("c2", "room");
        here.say("room", "here only");
        done(here.registry().publishAll(Draft.text(null, "all here").asFast()));
        assertThat(done(there.registry().send("c2", Buffer.buffer("x")))).isFalse();
        settle("room", List.of(here));
        settle("room", List.of(there));
        done(there.registry().publishAll(Draft.text(null, "all there").asFast()));
        await("the broadcast", () -> there.events().count(Event.Broadcast.class) > 0);

        assertThat(said(there, "room")).isEmpty();
        assertThat(there.feed("room").ids(Kind.JOINED)).containsExactly("c1");
        assertThat(there.memberCount("room")).isEqualTo(1);
        assertThat(there.connectionCount()).isEqualTo(1);
        assertThat(here.connectionCount()).isEqualTo(2);
        assertThat(there.registry().nodes()).containsExactly(there.self());
        assertThat(there.groups()).containsExactly(Map.entry("room", 1L));
        assertThat(there.done(there.registry().connectionsOf("user of c2"))).isEmpty();
        assertThat(there.events().all(Event.Broadcast.class))
                .extracting(each -> each.publication().payload().toString())
                .containsExactly("all there");
        assertThat(here.events().count(Event.NodeUp.class)).isZero();
    }

    @Test
    void r24_ending_one_namespace_leaves_the_other_alone() {
        String other = cluster().namespace() + "-b";
        TckNode here = cluster().start("n1");
        TckNode there = cluster().create(cluster().context(other, "n1")).start();
        for (TckNode node : List.of(here, there)) {
            node.watch("room");
            node.register("c1");
            node.join("c1", "room");
        }
        there.stop();
        settle("room", List.of(here));

        assertThat(here.members("room")).containsExactly("c1");
        assertThat(here.feed("room").of(Kind.LEFT)).isEmpty();
        assertThat(here.events().count(Event.NodeDown.class)).isZero();
    }

    @Test
    void r24_namespaces_and_groups_cannot_be_shifted_into_each_other() {
        String base = cluster().namespace();
        List<TckNode> nodes = new ArrayList<>();
        List<String> namespaces = List.of(base + ".a", base + ".a.b", base + ".A");
        for (String namespace : namespaces) {
            nodes.add(cluster().create(cluster().context(namespace, "n1")).start());
        }
        List<String> groups = List.of("b.c", "c", ".b.c", "a.b.c", "b:c", ":b:c");
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            TckNode node = nodes.get(i);
            calls.add(node.registry().register(node.record("c" + i)));
            for (String group : groups) {
                calls.add(node.registry().join("c" + i, group, GroupPolicy.DEFAULT));
            }
        }
        calls.forEach(call -> done(call));

        for (int i = 0; i < nodes.size(); i++) {
            for (String group : groups) {
                assertThat(nodes.get(i).members(group)).containsExactly("c" + i);
            }
            assertThat(nodes.get(i).groups().keySet()).isEqualTo(new HashSet<>(groups));
        }
    }
}

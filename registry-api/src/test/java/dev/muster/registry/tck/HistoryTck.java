package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.Published;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.TestReporter;

/**
 * Random histories: three nodes join, leave and publish without waiting for each other, and what everybody heard and
 * sees in the end is held against what was done. The seed is reported and can be given again as the system property
 * {@code muster.tck.seed}.
 */
abstract class HistoryTck extends TckTest {

    private static final int STEPS = 300;

    private static final List<String> GROUPS = List.of("red", "green", "blue");

    /** What one run did, and what it must lead to. */
    private static final class Model {
        final Map<String, TckNode> owners = new HashMap<>();
        final Map<String, Set<String>> members = new HashMap<>();
        final Map<String, List<Future<Published>>> published = new HashMap<>();
        final Map<String, Map<String, List<String>>> said = new HashMap<>();
        final List<Future<?>> calls = new ArrayList<>();

        Model() {
            for (String group : GROUPS) {
                members.put(group, new TreeSet<>());
                published.put(group, new ArrayList<>());
                said.put(group, new HashMap<>());
            }
        }
    }

    @RepeatedTest(3)
    void r07_r09_r11_r14_any_history_is_heard_alike_and_ends_in_what_was_done(
            RepetitionInfo repetition, TestReporter reporter) {
        long seed = Long.getLong("muster.tck.seed", System.nanoTime()) + repetition.getCurrentRepetition();
        reporter.publishEntry("seed", Long.toString(seed));
        List<TckNode> nodes = cluster().start(3);
        Map<String, Position> starts = new HashMap<>();
        for (String group : GROUPS) {
            nodes.forEach(node -> starts.putIfAbsent(group, node.watch(group)));
            nodes.forEach(node -> node.watch(group));
        }
        Model model = new Model();
        Random random = new Random(seed);
        for (int i = 0; i < STEPS; i++) {
            step(model, nodes, random, i);
        }
        model.calls.forEach(call -> done(call));
        // The marker comes after what one node said only if that is there.
        model.published.values().forEach(each -> done(each));
        for (String group : GROUPS) {
            settle(group, nodes);
            check("seed " + seed + ", group " + group, model, group, starts.get(group), nodes);
        }
    }

    private void step(Model model, List<TckNode> nodes, Random random, int number) {
        String id = "c" + random.nextInt(15);
        String group = GROUPS.get(random.nextInt(GROUPS.size()));
        TckNode node = nodes.get(random.nextInt(nodes.size()));
        TckNode owner = model.owners.get(id);
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> publish(model, node, group, number);
            case 4 -> {
                if (owner != null) {
                    model.calls.add(owner.registry().unregister(id));
                    // Where the connection comes back, its end must be known: nodes are not ordered among themselves.
                    done(model.calls.get(model.calls.size() - 1));
                    model.owners.remove(id);
                    model.members.values().forEach(members -> members.remove(id));
                }
            }
            case 5, 6 -> {
                if (owner != null) {
                    model.calls.add(owner.registry().leave(id, group));
                    Objects.requireNonNull(model.members.get(group)).remove(id);
                }
            }
            default -> {
                if (owner == null) {
                    model.calls.add(node.registry().register(node.record(id)));
                    model.owners.put(id, node);
                    owner = node;
                }
                model.calls.add(owner.registry().join(id, group, TckNode.ROOMY));
                Objects.requireNonNull(model.members.get(group)).add(id);
            }
        }
    }

    private static void publish(Model model, TckNode node, String group, int number) {
        String text = node + " " + number;
        model.published.get(group).add(node.registry().publish(group, Draft.text(null, text), TckNode.ROOMY));
        model.said
                .get(group)
                .computeIfAbsent(node.name(), any -> new ArrayList<>())
                .add(text);
    }

    private void check(String run, Model model, String group, Position start, List<TckNode> nodes) {
        List<Position> positions = done(model.published.get(group)).stream()
                .map(Published::position)
                .toList();
        assertThat(positions).as(run).doesNotHaveDuplicates();
        assertSameFeed(group, nodes);
        TckNode any = nodes.get(0);
        assertDense(start, any.feed(group).ordered());
        assertThat(any.feed(group).positions()).as(run).containsAll(positions);
        assertThat(said(any, group)).as(run).hasSize(positions.size()).doesNotHaveDuplicates();
        // Each node's own come in the order it said them.
        model.said
                .get(group)
                .forEach((name, texts) -> assertThat(said(any, group).stream()
                                .filter(text -> text.startsWith(name + " "))
                                .toList())
                        .as("%s, said by %s", run, name)
                        .isEqualTo(texts));
        Set<String> present = replay(run, any.feed(group).ordered());
        assertThat(present).as(run).isEqualTo(model.members.get(group));
        for (TckNode node : nodes) {
            assertThat(new TreeSet<>(node.members(group))).as(run).isEqualTo(model.members.get(group));
            assertThat(node.memberCount(group))
                    .as(run)
                    .isEqualTo(model.members.get(group).size());
            assertThat(node.connectionCount()).as(run).isEqualTo(model.owners.size());
        }
    }

    /** JOINED and LEFT alternate for each member; returns who is present in the end. */
    private static Set<String> replay(String run, List<Publication> publications) {
        Set<String> present = new HashSet<>();
        for (Publication each : publications) {
            if (each.kind() == Kind.JOINED) {
                assertThat(present.add(each.sender()))
                        .as("%s: second JOINED of %s", run, each.sender())
                        .isTrue();
            } else if (each.kind() == Kind.LEFT) {
                assertThat(present.remove(each.sender()))
                        .as("%s: LEFT of absent %s", run, each.sender())
                        .isTrue();
            }
        }
        return new TreeSet<>(present);
    }
}

package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.Publication.Kind;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What tests of nodes that die or stand still share. */
abstract class NodeFaultTck extends TckTest {

    final Duration lease() {
        return fixture().timings().lease();
    }

    /** Lease and sweep with as much again for a busy machine. */
    final Duration goneWithin() {
        return lease().plus(fixture().timings().sweep()).multipliedBy(2);
    }

    @Override
    void mark(TckNode publisher, String group, String marker) {
        sayAtLast(publisher, group, marker);
    }

    /** Publishes once, however often it has to be tried: a node that stands still may hold a part of the backend. */
    final void sayAtLast(TckNode publisher, String group, String text) {
        Draft draft = Draft.text(null, text).withMessageId(text);
        await("\"" + text + "\" is published", () -> {
            publisher.publish(group, draft, TckNode.ROOMY);
            return true;
        });
    }

    final void fill(TckNode node, int connections, String... groups) {
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            String id = node.name() + "-" + i;
            calls.add(node.registry().register(node.record(id)));
            for (String group : groups) {
                calls.add(node.registry().join(id, group, TckNode.ROOMY));
            }
        }
        calls.forEach(call -> done(call));
    }

    /** Whether exactly one LEFT of each of so many members was fed, and how many JOINED. */
    static void assertEachLeftOnce(TckNode node, String group, int members) {
        assertThat(node.feed(group).ids(Kind.LEFT))
                .as("LEFT in %s at %s", group, node)
                .hasSize(members)
                .doesNotHaveDuplicates();
        assertThat(new HashSet<>(node.feed(group).ids(Kind.JOINED)))
                .containsAll(node.feed(group).ids(Kind.LEFT));
    }
}

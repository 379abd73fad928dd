package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Published;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Publications outside the order: R15. */
abstract class FastTck extends TckTest {

    @Test
    void r15_a_fast_publication_has_no_position_and_is_in_no_log() {
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        Position start = nodes.get(0).say("room", "start");
        Published fast = done(nodes.get(1)
                .registry()
                .publish(
                        "room",
                        Draft.text("c1", "quick").withHeaders(Map.of("k", "v")).asFast(),
                        TckNode.ROOMY));
        for (TckNode node : nodes) {
            await("the fast one at " + node, () -> !node.feed("room").fast().isEmpty());
        }
        Position end = nodes.get(0).say("room", "end");
        settle("room", nodes);

        assertThat(fast.position()).isNull();
        assertThat(fast.duplicate()).isFalse();
        assertThat(end).isEqualTo(start.at(start.offset() + 1));
        assertThat(nodes.get(2).read("room", start, 10).publications())
                .extracting(each -> each.payload().toString())
                .first()
                .isEqualTo("end");
        for (TckNode node : nodes) {
            assertThat(node.feed("room").fast()).hasSize(1);
            Publication only = node.feed("room").fast().get(0);
            assertThat(only.payload()).isEqualTo(Buffer.buffer("quick"));
            assertThat(only.sender()).isEqualTo("c1");
            assertThat(only.headers()).isEqualTo(Map.of("k", "v"));
        }
        assertSameFeed("room", nodes);
    }

    @Test
    void r15_fast_publications_arrive_at_most_once_and_leave_the_ordered_ones_alone() {
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        List<Future<Published>> published = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            TckNode node = nodes.get(i % 3);
            published.add(
                    node.registry().publish("room", Draft.text(null, "f" + i).asFast(), TckNode.ROOMY));
            published.add(node.registry().publish("room", Draft.text(null, "m" + i), TckNode.ROOMY));
        }
        done(published);
        settle("room", nodes);

        for (TckNode node : nodes) {
            assertThat(node.feed("room").fast())
                    .extracting(each -> each.payload().toString())
                    .doesNotHaveDuplicates();
            assertThat(said(node, "room")).hasSize(200).doesNotHaveDuplicates();
        }
        assertSameFeed("room", nodes);
    }

    @Test
    void r15_publish_all_reaches_every_node_once_without_any_watch() {
        List<TckNode> nodes = cluster().start(3);
        for (int i = 0; i < 3; i++) {
            done(nodes.get(i)
                    .registry()
                    .publishAll(Draft.text(null, "to all " + i).asFast()));
        }
        for (TckNode node : nodes) {
            await("all three at " + node, () -> node.events().count(Event.Broadcast.class) >= 3);
            List<Publication> heard = node.events().all(Event.Broadcast.class).stream()
                    .map(Event.Broadcast::publication)
                    .toList();
            assertThat(heard)
                    .extracting(each -> each.payload().toString())
                    .containsExactlyInAnyOrder("to all 0", "to all 1", "to all 2");
            assertThat(heard).allMatch(Publication::fast);
        }
    }

    @Test
    void r15_publish_all_takes_only_fast_drafts() {
        TckNode node = cluster().start("n1");

        assertThatThrownBy(() -> node.registry().publishAll(Draft.text(null, "slow")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

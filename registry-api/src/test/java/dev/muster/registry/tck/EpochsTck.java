package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.Slice.Completeness;
import dev.muster.registry.tck.Backend.Restart;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Positions and entries across a restart of the backend: R16, R17. */
abstract class EpochsTck extends BackendTck {

    @Test
    void r16_a_position_continues_across_a_restart_that_kept_everything() {
        requires(Capability.STOP_BACKEND);
        List<TckNode> nodes = cluster().start(2);
        Position start = nodes.get(0).watch("room");
        List<Position> before = sayMany(nodes.get(0), "room", 0, 10);
        for (int outage = 1; outage <= 3; outage++) {
            stop(nodes, outage);
            start(nodes, Restart.KEEP, outage);
            sayMany(nodes.get(1), "room", outage * 10, outage * 10 + 10);
        }
        for (TckNode node : nodes) {
            assertThat(node.read("room", start, 100).publications()).hasSize(40);
            assertThat(node.read("room", start, 100).messages()).isEqualTo(Completeness.COMPLETE);
            assertThat(node.read("room", before.get(9), 100).publications()).hasSize(30);
            assertThat(node.read("room", before.get(9), 7).messages()).isEqualTo(Completeness.COMPLETE);
        }
        // Nothing was ever published there. Asked last, for such a position proves a loss (R16).
        Position beyond = before.get(9).at(before.get(9).offset() + 45);
        assertThat(nodes.get(0).read("room", beyond, 100).messages()).isNotEqualTo(Completeness.COMPLETE);
    }

    @Test
    void r16_a_position_that_a_rollback_took_away_is_never_called_complete() {
        requires(Capability.ROLL_BACK_BACKEND);
        List<TckNode> nodes = cluster().start(2);
        // No node watches: nothing but the reads below shows the backend what was lost.
        List<Position> kept = sayMany(nodes.get(0), "room", 0, 30);
        fixture().backend().checkpoint();
        List<Position> lost = sayMany(nodes.get(0), "room", 30, 50);
        restart(nodes, Restart.ROLLBACK);
        List<Position> after = sayMany(nodes.get(1), "room", 100, 140);

        assertThat(after).doesNotContainAnyElementsOf(lost);
        for (Position position : lost) {
            assertThat(nodes.get(0).read("room", position, 100).messages()).isEqualTo(Completeness.EPOCH_CHANGED);
        }
        // Now the boundary is known to have lost something, so nobody crosses it any more.
        for (Position position : kept) {
            assertThat(nodes.get(1).read("room", position, 100).messages()).isEqualTo(Completeness.EPOCH_CHANGED);
        }
        assertThat(nodes.get(1).read("room", after.get(0), 100).publications()).hasSize(39);
        assertThat(nodes.get(1).read("room", after.get(0), 100).messages()).isEqualTo(Completeness.COMPLETE);
    }

    @Test
    void r16_r22_feeds_that_saw_what_a_rollback_took_away_are_reset() {
        requires(Capability.ROLL_BACK_BACKEND);
        List<TckNode> nodes = cluster().start(3);
        nodes.forEach(node -> node.watch("room"));
        nodes.forEach(node -> join(node, 2, "room"));
        nodes.get(0).watch("quiet");
        Position quiet = nodes.get(0).say("quiet", "kept");
        sayMany(nodes.get(0), "room", 0, 10);
        fixture().backend().checkpoint();
        sayMany(nodes.get(1), "room", 10, 20);
        nodes.get(1).register("later");
        nodes.get(1).join("later", "room");
        nodes.get(2).leave("n3-0", "room");
        nodes.get(2).unregister("n3-1");
        settle("room", nodes);
        restart(nodes, Restart.ROLLBACK);
        awaitResets("room", nodes);
        sayMany(nodes.get(2), "room", 20, 30);
        settle("room", nodes);

        for (TckNode node : nodes) {
            assertThat(said(node, "room")).hasSize(30).doesNotHaveDuplicates();
            await("exact members at " + node, () -> node.members("room").size() == 5);
            assertThat(node.members("room")).containsExactlyInAnyOrder("n1-0", "n1-1", "n2-0", "n2-1", "later");
            assertThat(node.connectionCount()).isEqualTo(6);
        }
        assertNoPositionTwice("room", nodes);
        assertThat(nodes.get(1).read("quiet", quiet, 10).messages()).isEqualTo(Completeness.COMPLETE);
        nodes.get(2).say("quiet", "goes on");
        settle("quiet", nodes.subList(0, 1));
        assertThat(nodes.get(0).feed("quiet").resets()).isEmpty();
    }

    @Test
    void r17_entries_outlive_a_restart_that_kept_everything_and_old_cursors_do_not_outlive_a_loss() {
        requires(Capability.STOP_BACKEND, Capability.LOSE_BACKEND);
        List<TckNode> nodes = cluster().start(2);
        Position revision = nodes.get(0).publish("space", Draft.put("a", Buffer.buffer("1")), GroupPolicy.DEFAULT);
        stop(nodes, 1);
        start(nodes, Restart.KEEP, 1);
        assertThat(nodes.get(1).entries("space")).containsOnlyKeys("a");
        assertThat(nodes.get(1).entries("space").get("a").revision()).isEqualTo(revision);
        nodes.get(1).publish("space", Draft.put("a", Buffer.buffer("2")).expecting(revision), GroupPolicy.DEFAULT);

        stop(nodes, 2);
        start(nodes, Restart.LOSE, 2);
        assertThat(nodes.get(1).entries("space")).isEmpty();
    }
}

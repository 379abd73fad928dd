package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.NodeId;
import dev.muster.registry.hazelcast.Roster.Seat;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is up, by what rosters say in whatever order they come, and by who is in the cluster (R20). */
class NodesTest {

    private final Vertx vertx = Vertx.vertx();
    private final Callbacks callbacks = new Callbacks(vertx, group -> true);
    private final Listening listener = new Listening();
    private final Set<UUID> members = new HashSet<>();
    private final Nodes nodes = new Nodes(callbacks, members::contains);
    private final Seat self = seat("self");
    private final Seat other = seat("other");

    NodesTest() {
        callbacks.tell(listener);
    }

    @AfterEach
    void end() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Seat seat(String name) {
        NodeId node = NodeId.fresh(name);
        NodeRef ref = new NodeRef(UUID.randomUUID(), node.incarnation());
        members.add(ref.member());
        return new Seat(node, ref, Long.MAX_VALUE);
    }

    private static Roster roster(long id, int version, Seat... seats) {
        Roster roster = new Roster(id);
        for (Seat seat : seats) {
            roster.seat(seat);
        }
        for (int i = 0; i < version; i++) {
            roster.changed();
        }
        return roster;
    }

    private void update(Roster roster) {
        nodes.update(roster, self.node());
    }

    /** What was told so far. */
    private List<String> told() throws Exception {
        CompletableFuture<Void> marker = new CompletableFuture<>();
        callbacks.control().runOnContext(turn -> marker.complete(null));
        marker.get(20, TimeUnit.SECONDS);
        return List.copyOf(listener.told);
    }

    @Test
    void who_takes_a_seat_is_up_and_who_gives_it_up_is_down() throws Exception {
        update(roster(7, 1, self, other));
        assertThat(nodes.up()).containsExactlyInAnyOrder(self.node(), other.node());
        update(roster(7, 2, self));
        assertThat(nodes.up()).containsExactly(self.node());
        assertThat(told()).containsExactly("up other", "down other");
    }

    @Test
    void an_answer_that_was_overtaken_changes_nothing() throws Exception {
        update(roster(7, 2, self, other));
        update(roster(7, 1, self));
        assertThat(nodes.up()).contains(other.node());
        update(roster(7, 3, self));
        update(roster(7, 2, self, other));
        assertThat(nodes.up()).containsExactly(self.node());
        assertThat(told()).containsExactly("up other", "down other");
    }

    @Test
    void who_was_lost_is_down_whatever_the_roster_says_and_up_when_it_is_back() throws Exception {
        update(roster(7, 1, self, other));
        members.remove(other.ref().member());
        assertThat(nodes.lost(other.ref().member(), self.node())).containsExactly(other);
        update(roster(7, 2, self, other));
        assertThat(nodes.up()).containsExactly(self.node());
        assertThat(told()).containsExactly("up other", "down other");

        // A split that is healed: the same node, in the same incarnation.
        members.add(other.ref().member());
        update(roster(7, 3, self, other));
        assertThat(nodes.up()).contains(other.node());
        assertThat(told()).containsExactly("up other", "down other", "up other");
    }

    @Test
    void who_is_not_yet_entered_in_the_roster_after_a_lost_one_stays_up() throws Exception {
        update(roster(7, 9, self, other));
        update(roster(8, 1, self));
        update(roster(8, 2, self));
        assertThat(nodes.up()).contains(other.node());
        update(roster(8, 3, self, other));
        assertThat(told()).containsExactly("up other");

        update(roster(8, 4, self));
        assertThat(nodes.up()).containsExactly(self.node());
        assertThat(told()).containsExactly("up other", "down other");
    }

    @Test
    void who_went_with_a_lost_roster_is_down_and_remembered() throws Exception {
        update(roster(7, 1, self, other));
        members.remove(other.ref().member());
        nodes.lost(other.ref().member(), self.node());
        update(roster(8, 1, self));

        assertThat(nodes.lostLately()).containsExactly(other);
        assertThat(told()).containsExactly("up other", "down other");
    }

    @Test
    void whose_name_another_has_taken_in_the_next_roster_is_down() throws Exception {
        update(roster(7, 1, self, other));
        Seat next = seat("other");
        update(roster(8, 1, self, next));
        assertThat(nodes.up()).containsExactlyInAnyOrder(self.node(), next.node());
        assertThat(told()).containsExactly("up other", "down other", "up other");
    }
}

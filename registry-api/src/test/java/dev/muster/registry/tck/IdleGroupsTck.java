package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.GroupPolicy.Presence;
import dev.muster.registry.Position;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryTimings;
import dev.muster.registry.Slice;
import dev.muster.registry.Slice.Completeness;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of groups that nobody is in: R08. */
abstract class IdleGroupsTck extends TckTest {

    /** A history shorter than the life of an idle group, so that nothing else holds it. */
    private static final GroupPolicy BRIEF = GroupPolicy.DEFAULT.withHistory(20, Duration.ofMillis(500));

    @Override
    RegistryTimings timings(RegistryFixture fixture) {
        return fixture.timings();
    }

    private int traces(String group) {
        return fixture().traces(cluster().namespace(), group);
    }

    @Test
    void r08_nothing_remains_of_groups_that_stay_empty() {
        requires(Capability.COUNT_TRACES);
        List<TckNode> nodes = cluster().start(2);
        TckNode node = nodes.get(0);
        node.register("c1", "c2");
        List<String> groups = new ArrayList<>();

        groups.add("joined and left");
        node.join("c1", "joined and left", BRIEF);
        node.leave("c1", "joined and left");

        groups.add("left by unregister");
        node.join("c2", "left by unregister", BRIEF);
        node.publish("left by unregister", Draft.text("c2", "bye"), BRIEF);
        node.unregister("c2");

        groups.add("in silence: {a} *");
        node.join("c1", "in silence: {a} *", BRIEF.withPresence(Presence.OFF));
        node.leave("c1", "in silence: {a} *");

        groups.add("only published to");
        node.publish("only published to", Draft.text(null, "anybody?"), BRIEF);

        groups.add("with a message id");
        node.publish("with a message id", Draft.text(null, "once").withMessageId("id"), BRIEF);

        groups.add("with an entry removed");
        node.publish("with an entry removed", Draft.put("a", Buffer.buffer("1")), BRIEF);
        node.publish("with an entry removed", Draft.remove("a"), BRIEF);

        groups.add("watched for a while");
        nodes.get(1).watch("watched for a while");
        node.publish("watched for a while", Draft.text(null, "seen"), BRIEF);
        nodes.get(1).unwatch("watched for a while");

        groups.forEach(group -> assertThat(traces(group)).as(group).isPositive());
        for (String group : groups) {
            await("no trace of \"" + group + "\"", () -> traces(group) == 0);
        }
        assertThat(nodes.get(1).groups()).isEmpty();
        assertThat(done(nodes.get(1).registry().heads(groups))).isEmpty();
    }

    @Test
    void r08_nothing_remains_of_a_closed_node() {
        requires(Capability.COUNT_TRACES);
        List<TckNode> nodes = cluster().start(2);
        nodes.get(0).register("c1");
        nodes.get(0).watch("room");
        nodes.get(0).join("c1", "room", BRIEF);
        nodes.get(0).stop();

        await("no trace of the room", () -> traces("room") == 0);
    }

    @Test
    void r08_a_group_made_anew_never_continues_positions_of_the_old_one() {
        requires(Capability.COUNT_TRACES);
        TckNode node = cluster().start("n1");
        Position old = node.publish("room", Draft.text(null, "old"), BRIEF);
        Position older = old.at(0);
        await("no trace of the room", () -> traces("room") == 0);
        Position made = node.publish("room", Draft.text(null, "new"), BRIEF);

        assertThat(made.epoch()).isNotEqualTo(old.epoch());
        for (Position position : List.of(old, older)) {
            Slice slice = node.read("room", position, 10);
            assertThat(slice.messages()).isEqualTo(Completeness.EPOCH_CHANGED);
            assertThat(slice.head()).isEqualTo(made);
        }
    }

    @Test
    void r08_an_empty_group_stays_as_long_as_it_may_be_come_back_to() {
        TckNode node = cluster().start("n1");
        node.register("c1");
        Position start = node.join("c1", "room", BRIEF);
        Published said =
                done(node.registry().publish("room", Draft.text(null, "once").withMessageId("id"), BRIEF));
        node.leave("c1", "room");
        pass(fixture().timings().idleGroup().dividedBy(2));
        Position again = node.join("c1", "room", BRIEF);

        // JOINED, message and LEFT came after the start.
        assertThat(again).isEqualTo(start.at(start.offset() + 3));
        assertThat(node.read("room", start, 10).memberships()).isEqualTo(Completeness.COMPLETE);
        Published repeated =
                done(node.registry().publish("room", Draft.text(null, "once").withMessageId("id"), BRIEF));
        assertThat(repeated).isEqualTo(new Published(said.position(), true));
    }

    @Test
    void r08_groups_with_entries_or_members_stay() {
        List<TckNode> nodes = cluster().start(2);
        TckNode node = nodes.get(0);
        node.register("c1");
        node.join("c1", "with a member", BRIEF);
        Position inMember = node.publish("with a member", Draft.text(null, "still here"), BRIEF);
        Position inEntry = node.publish("with an entry", Draft.put("a", Buffer.buffer("1")), BRIEF);
        pass(fixture().timings().idleGroup().multipliedBy(2).plusMillis(500));

        assertThat(nodes.get(1).members("with a member")).containsExactly("c1");
        assertThat(nodes.get(1).groups()).containsOnlyKeys("with a member");
        assertThat(nodes.get(1).entries("with an entry")).containsOnlyKeys("a");
        // Both logs go on where they were, and the newest message is always there.
        assertThat(node.publish("with an entry", Draft.remove("a"), BRIEF)).isEqualTo(inEntry.at(inEntry.offset() + 1));
        Slice slice = nodes.get(1).read("with a member", inMember.at(inMember.offset() - 1), 10);
        assertThat(slice.messages()).isEqualTo(Completeness.COMPLETE);
        assertThat(slice.publications()).hasSize(1);
    }

    @Test
    void r12_a_watch_outlives_the_group() {
        List<TckNode> nodes = cluster().start(2);
        TckNode watcher = nodes.get(1);
        watcher.watch("room");
        nodes.get(0).publish("room", Draft.text(null, "before"), BRIEF);
        pass(fixture().timings().idleGroup().multipliedBy(2).plusMillis(500));
        Position after = nodes.get(0).publish("room", Draft.text(null, "after"), BRIEF);

        await(
                "what was published later",
                () -> watcher.events().publications("room").stream().anyMatch(each -> after.equals(each.position())));
    }
}

package dev.muster.registry.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryTimings;
import dev.muster.registry.Slice;
import dev.muster.registry.Slice.Completeness;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

/**
 * What is kept for half a minute and longer: R09, R16. Over a virtual time these tests always run; over the machine's
 * they take two minutes, and run with the system property {@code muster.tck.long} set to true.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class LongTimesTck extends TckTest {

    private static final GroupPolicy BRIEF = GroupPolicy.DEFAULT.withHistory(1_000, Duration.ofSeconds(1));

    @Override
    RegistryTimings timings(RegistryFixture fixture) {
        return super.timings(fixture).withIdleGroup(Duration.ofMinutes(3));
    }

    @BeforeEach
    void onlyIfTimeIsVirtualOrLongIsWanted() {
        if (fixture().time() == TckTime.REAL && !Boolean.getBoolean("muster.tck.long")) {
            throw new TestAbortedException("takes a minute of real time: run it with -Dmuster.tck.long=true");
        }
    }

    private static Position say(TckNode node, int count) {
        Position last = null;
        for (int i = 0; i < count; i++) {
            last = node.publish("room", Draft.text(null, "m" + i), BRIEF);
        }
        return last;
    }

    @Test
    void r16_messages_go_with_the_repair_tail_and_the_newest_stays() {
        TckNode node = cluster().start("n1");
        Position start = node.watch("room");
        Position last = say(node, 10);
        pass(GroupPolicy.REPAIR_AGE.minusSeconds(5));
        Slice inTime = node.read("room", start, 100);
        assertThat(inTime.messages()).isEqualTo(Completeness.COMPLETE);
        assertThat(inTime.publications()).hasSize(10);
        pass(Duration.ofSeconds(7));

        Slice late = node.read("room", start, 100);
        assertThat(late.messages()).isEqualTo(Completeness.TRIMMED);
        assertThat(late.publications()).extracting(Publication::position).containsExactly(last);
        Slice newest = node.read("room", last.at(last.offset() - 1), 100);
        assertThat(newest.messages()).isEqualTo(Completeness.COMPLETE);
        assertThat(newest.publications()).extracting(Publication::position).containsExactly(last);
    }

    @Test
    void r16_the_repair_tail_of_a_group_with_entries_is_kept_longer() {
        TckNode node = cluster().start("n1");
        Position start = node.publish("room", Draft.put("key", Buffer.buffer("value")), BRIEF);
        Position last = say(node, 10);
        pass(GroupPolicy.REPAIR_AGE_WITH_ENTRIES.minusSeconds(5));
        Slice inTime = node.read("room", start, 100);
        assertThat(inTime.messages()).isEqualTo(Completeness.COMPLETE);
        assertThat(inTime.publications()).hasSize(10);
        pass(Duration.ofSeconds(7));

        Slice late = node.read("room", start, 100);
        assertThat(late.messages()).isEqualTo(Completeness.TRIMMED);
        assertThat(late.publications()).extracting(Publication::position).containsExactly(last);
        assertThat(node.entries("room")).containsOnlyKeys("key");
    }

    @Test
    void r09_changes_of_membership_go_when_they_are_old_and_the_members_stay() {
        TckNode node = cluster().start("n1");
        node.register("a", "b");
        Position start = node.join("a", "room");
        node.join("b", "room");
        node.leave("b", "room");
        pass(GroupPolicy.MEMBERSHIP_AGE.plusSeconds(2));

        Slice slice = node.read("room", start, 100);
        assertThat(slice.memberships()).isEqualTo(Completeness.TRIMMED);
        assertThat(slice.publications()).isEmpty();
        assertThat(slice.messages()).isEqualTo(Completeness.COMPLETE);
        assertThat(node.members("room")).containsExactly("a");
        assertThat(node.join("a", "room")).isEqualTo(start);
    }
}

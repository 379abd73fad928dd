package dev.muster.node.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.Page;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Slice;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who has been in a room longest, whatever comes while the registry is asked. */
class RosterTest {

    private final ManualRegistry manual = new ManualRegistry();
    private final List<RoomEvent> told = new ArrayList<>();
    private final Roster roster = new Roster("g", manual.registry, true, Clock.systemUTC(), told::add);
    private long offset;

    private static Page<ConnectionRecord> page(String next, Stream<String> members) {
        return new Page<>(members.map(ManualRegistry::record).toList(), next);
    }

    private String joins(String id) {
        return eldest(roster.observed(RoomEvent.of(ManualRegistry.joined(id, ++offset))));
    }

    private String leaves(String id) {
        return eldest(roster.observed(RoomEvent.of(ManualRegistry.left(id, ++offset))));
    }

    private static String eldest(RoomEvent event) {
        ConnectionRecord eldest =
                event instanceof RoomEvent.Joined joined ? joined.eldest() : ((RoomEvent.Left) event).eldest();
        return eldest == null ? null : eldest.connectionId();
    }

    private List<String> members() {
        return roster.members().result().stream()
                .map(ConnectionRecord::connectionId)
                .toList();
    }

    @Test
    @DisplayName("the registry is asked once, then the room's own events tell")
    void follows() {
        roster.members();
        manual.answer("members", page(null, Stream.of("a", "b")));

        assertThat(joins("c")).isEqualTo("a");
        assertThat(leaves("b")).isEqualTo("a");
        assertThat(leaves("a")).isEqualTo("c");
        assertThat(members()).containsExactly("c");
        assertThat(leaves("c")).isNull();
        assertThat(joins("d")).isEqualTo("d");
        assertThat(manual.calls).containsExactly("members");
        assertThat(told).isEmpty();
    }

    @Property(tries = 2000)
    void itDoesNotMatterWhenTheRegistryLooks(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> truth = new ArrayList<>(List.of("a", "b", "c"));
        int looksAfter = random.nextInt(10);
        int answersAfter = looksAfter + random.nextInt(10);
        ManualRegistry slow = new ManualRegistry();
        Roster other = new Roster("g", slow.registry, true, Clock.systemUTC(), told::add);
        other.members();
        Page<ConnectionRecord> seen = null;
        for (int i = 0; i < 25; i++) {
            if (i == looksAfter) {
                seen = page(null, truth.stream());
            }
            if (i == answersAfter) {
                slow.answer("members", seen);
            }
            boolean leaves = !truth.isEmpty() && random.nextBoolean();
            String id = leaves ? truth.remove(random.nextInt(truth.size())) : "m" + random.nextInt(30);
            if (!leaves && truth.contains(id)) {
                continue;
            }
            if (!leaves) {
                truth.add(id);
            }
            RoomEvent event = other.observed(
                    RoomEvent.of(leaves ? ManualRegistry.left(id, i + 1) : ManualRegistry.joined(id, i + 1)));
            if (i >= answersAfter) {
                assertThat(eldest(event)).isEqualTo(truth.isEmpty() ? null : truth.get(0));
            }
        }
        assertThat(other.members().result().stream()
                        .map(ConnectionRecord::connectionId)
                        .toList())
                .isEqualTo(truth);
    }

    @Test
    @DisplayName("after a loss the registry is asked again, and a wrong belief is put right")
    void corrects() {
        roster.members();
        manual.answer("members", page(null, Stream.of("a", "b")));
        assertThat(joins("c")).isEqualTo("a");

        roster.observed(new RoomEvent.Reset(ManualRegistry.at(9), Slice.Completeness.TRIMMED));
        manual.answer("members", page(null, Stream.of("b", "c")));

        assertThat(told)
                .singleElement()
                .isInstanceOfSatisfying(
                        RoomEvent.EldestCorrected.class,
                        corrected ->
                                assertThat(corrected.member().connectionId()).isEqualTo("b"));
        assertThat(joins("d")).isEqualTo("b");
    }

    @Test
    @DisplayName("what is lost again while it is asked makes it ask again")
    void again() {
        roster.members();
        roster.observed(new RoomEvent.MembersReset());
        manual.answer("members", page(null, Stream.of("stale")));
        assertThat(manual.calls).containsExactly("members", "members");

        manual.answer("members", page(null, Stream.of("a")));
        assertThat(members()).containsExactly("a");
    }

    @Test
    @DisplayName("a registry that cannot answer is asked again when somebody comes")
    void retries() {
        roster.members();
        manual.refuse("members", RegistryException.Reason.TIMEOUT);

        assertThat(joins("a")).isNull();
        manual.answer("members", page(null, Stream.of("z", "a")));

        assertThat(members()).containsExactly("z", "a");
        assertThat(told).as("nobody was told anything before").isEmpty();
    }

    @Test
    @DisplayName("of a large room the first thousand are kept, and the next are read in time")
    void large() {
        roster.members();
        manual.answer("members", page("more", IntStream.range(0, Roster.MAX).mapToObj(i -> "m" + i)));
        assertThat(joins("late")).isEqualTo("m0");
        assertThat(members()).hasSize(Roster.MAX).doesNotContain("late");

        for (int i = 0; i <= Roster.MAX / 2; i++) {
            leaves("m" + i);
        }
        assertThat(manual.calls).hasSize(2);
        manual.answer(
                "members",
                page(
                        null,
                        Stream.concat(
                                IntStream.range(Roster.MAX / 2 + 1, Roster.MAX).mapToObj(i -> "m" + i),
                                Stream.of("late"))));

        assertThat(members()).hasSize(Roster.MAX / 2).endsWith("late");
        assertThat(told).isEmpty();
    }
}

package dev.muster.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Position;
import dev.muster.registry.Slice.Completeness;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which positions a log continues (R16). */
class EpochsTest {

    private final Epochs epochs = new Epochs("a");

    private Completeness continues(String epoch, long offset) {
        return epochs.continues(new Position(epoch, offset), 100);
    }

    @Test
    void a_position_that_survived_a_boundary_goes_on_across_it() {
        epochs.begin("b", 10);
        epochs.begin("c", 20);

        assertThat(continues("a", 10)).isEqualTo(Completeness.COMPLETE);
        assertThat(continues("a", 0)).isEqualTo(Completeness.COMPLETE);
        assertThat(continues("b", 20)).isEqualTo(Completeness.COMPLETE);
        assertThat(continues("c", 100)).isEqualTo(Completeness.COMPLETE);
        assertThat(continues("c", 101)).isEqualTo(Completeness.AHEAD);
        assertThat(continues("x", 1)).isEqualTo(Completeness.EPOCH_CHANGED);
    }

    @Test
    void a_position_beyond_a_boundary_closes_it_for_everybody() {
        epochs.begin("b", 10);
        epochs.begin("c", 20);
        Position lost = new Position("a", 11);
        assertThat(epochs.continues(lost, 100)).isEqualTo(Completeness.EPOCH_CHANGED);
        assertThat(epochs.provesLoss(lost)).isTrue();
        epochs.markLossy(lost);

        assertThat(epochs.provesLoss(lost)).isFalse();
        assertThat(continues("a", 5)).isEqualTo(Completeness.EPOCH_CHANGED);
        assertThat(continues("b", 15)).isEqualTo(Completeness.COMPLETE);
    }

    @Test
    void each_offset_has_the_epoch_in_which_it_was_given_out() {
        epochs.begin("b", 10);
        epochs.begin("c", 10);
        epochs.begin("d", 20);

        assertThat(List.of(epochs.of(1), epochs.of(10), epochs.of(11), epochs.of(20), epochs.of(21)))
                .containsExactly("a", "a", "c", "c", "d");
    }

    @Test
    void only_the_last_eight_are_remembered() {
        for (int i = 1; i <= Epochs.KEPT; i++) {
            assertThat(epochs.begin("e" + i, i)).isZero();
        }
        assertThat(continues("a", 1)).isEqualTo(Completeness.COMPLETE);
        assertThat(epochs.begin("e9", 9)).as("what is no longer known").isEqualTo(1);
        assertThat(continues("a", 1)).isEqualTo(Completeness.EPOCH_CHANGED);
        assertThat(continues("e1", 2)).isEqualTo(Completeness.COMPLETE);
    }
}

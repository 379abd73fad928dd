package dev.muster.registry.mock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Position;
import dev.muster.registry.Slice.Completeness;
import org.junit.jupiter.api.Test;

class EpochsTest {

    private final Epochs epochs = new Epochs("e0");

    @Test
    void aPositionContinuesAcrossBoundariesUpToWhatSurvivedAtTheFirst() {
        epochs.begin("e1", 10);
        epochs.begin("e2", 20);

        assertThat(epochs.continues(new Position("e0", 10), 25)).isEqualTo(Completeness.COMPLETE);
        assertThat(epochs.continues(new Position("e1", 20), 25)).isEqualTo(Completeness.COMPLETE);
        assertThat(epochs.continues(new Position("e2", 25), 25)).isEqualTo(Completeness.COMPLETE);
        assertThat(epochs.continues(new Position("e2", 26), 25)).isEqualTo(Completeness.AHEAD);
        assertThat(epochs.continues(new Position("other", 1), 25)).isEqualTo(Completeness.EPOCH_CHANGED);
    }

    @Test
    void aPositionBeyondABoundaryProvesLossForEverybodyWhoWouldCrossIt() {
        epochs.begin("e1", 10);
        epochs.begin("e2", 20);
        assertThat(epochs.continues(new Position("e1", 21), 25)).isEqualTo(Completeness.EPOCH_CHANGED);

        assertThat(epochs.continues(new Position("e1", 15), 25)).isEqualTo(Completeness.EPOCH_CHANGED);
        assertThat(epochs.continues(new Position("e0", 5), 25)).isEqualTo(Completeness.EPOCH_CHANGED);
        assertThat(epochs.continues(new Position("e2", 20), 25)).isEqualTo(Completeness.COMPLETE);
        Epochs copy = new Epochs(epochs);
        assertThat(copy.continues(new Position("e1", 15), 25)).isEqualTo(Completeness.EPOCH_CHANGED);
    }

    @Test
    void aLossAtAnEarlierBoundaryDoesNotConcernLaterPositions() {
        epochs.begin("e1", 10);
        epochs.begin("e2", 20);
        assertThat(epochs.continues(new Position("e0", 11), 25)).isEqualTo(Completeness.EPOCH_CHANGED);

        assertThat(epochs.continues(new Position("e0", 10), 25)).isEqualTo(Completeness.EPOCH_CHANGED);
        assertThat(epochs.continues(new Position("e1", 10), 25)).isEqualTo(Completeness.COMPLETE);
    }

    @Test
    void theLastEightBoundariesAreKept() {
        for (int i = 1; i <= Epochs.KEPT + 1; i++) {
            epochs.begin("e" + i, i);
        }

        assertThat(epochs.continues(new Position("e0", 1), 100)).isEqualTo(Completeness.EPOCH_CHANGED);
        assertThat(epochs.continues(new Position("e1", 2), 100)).isEqualTo(Completeness.COMPLETE);
    }
}

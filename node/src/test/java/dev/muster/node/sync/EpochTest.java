package dev.muster.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Position;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EpochTest {

    private static final long LARGEST_IN_A_BROWSER = (1L << 53) - 1;

    @Test
    @DisplayName("revisions rise with the offset, are never 0, and every browser knows them exactly")
    void range() {
        for (int i = 0; i < 10_000; i++) {
            Epoch epoch = Epoch.of("0123456789abcdef." + i);
            assertThat(epoch.revision(1)).isPositive().isEqualTo(epoch.revision(2) - 1);
            assertThat(epoch.revision(1L << 52)).isLessThanOrEqualTo(LARGEST_IN_A_BROWSER);
            assertThat(Epoch.revisionOf(new Position(epoch.name(), 7))).isEqualTo(epoch.revision(7));
        }
    }

    @Test
    @DisplayName("epochs whose names differ a little have nothing in common, as far as logs reach")
    void apart() {
        long reach = 1L << 24;
        TreeSet<Long> bases = new TreeSet<>();
        for (int i = 0; i < 1_000; i++) {
            bases.add(Epoch.of("0123456789abcdef." + i).base());
        }
        assertThat(bases).hasSize(1_000);
        for (long base : bases) {
            Long next = bases.higher(base);
            assertThat(next == null || next - base > reach)
                    .as("%d and %d", base, next)
                    .isTrue();
        }
    }
}

package dev.muster.node.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {

    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;

    @Test
    @DisplayName("so many pass, and one more when the first of them is a window ago")
    void window() {
        SlidingWindow window = new SlidingWindow(100, SECOND, 7);
        for (int i = 0; i < 100; i++) {
            assertThat(window.take(7 + i * MS)).isZero();
        }
        assertThat(window.take(7 + 200 * MS)).isEqualTo(800 * MS);
        assertThat(window.take(7 + 999 * MS)).isEqualTo(MS);
        assertThat(window.take(7 + 1_000 * MS)).isZero();
        assertThat(window.take(7 + 1_000 * MS)).isEqualTo(MS);
        assertThat(window.take(7 + 1_001 * MS)).isZero();
    }

    @Test
    @DisplayName("a hundred at once, and a hundred again a second later")
    void bursts() {
        SlidingWindow window = new SlidingWindow(100, SECOND, 0);
        for (long second = 0; second < 5; second++) {
            for (int i = 0; i < 100; i++) {
                assertThat(window.take(second * SECOND)).isZero();
            }
            assertThat(window.take(second * SECOND)).isEqualTo(SECOND);
        }
    }

    @Test
    @DisplayName("with less than the limit allowed, less passes; with nothing, nothing")
    void reduced() {
        SlidingWindow window = new SlidingWindow(10, SECOND, 0);
        for (int i = 0; i < 4; i++) {
            assertThat(window.take(0, 4)).isZero();
        }
        assertThat(window.take(0, 4)).isPositive();
        assertThat(window.take(0, 0)).isPositive();
        assertThat(window.recent(0)).isEqualTo(4);
        assertThat(window.take(0, 10)).isZero();
        assertThat(window.recent(SECOND)).isZero();
    }

    @Property(tries = 500)
    void neverMoreInAnyWindowAndNoneRefusedWithoutNeed(
            @ForAll @IntRange(min = 1, max = 40) int limit,
            @ForAll @Size(max = 300) List<@IntRange(max = 200) Integer> steps) {
        SlidingWindow window = new SlidingWindow(limit, SECOND, 0);
        Deque<Long> passed = new ArrayDeque<>();
        long now = 0;
        for (int step : steps) {
            now += step * MS;
            while (!passed.isEmpty() && now - passed.peekFirst() >= SECOND) {
                passed.removeFirst();
            }
            long wait = window.take(now);
            assertThat(wait == 0).isEqualTo(passed.size() < limit);
            if (wait == 0) {
                passed.addLast(now);
            } else {
                assertThat(wait).isEqualTo(passed.peekFirst() + SECOND - now);
            }
            assertThat(window.recent(now)).isEqualTo(passed.size());
        }
    }

    @Test
    @DisplayName("a trickle over months does not confuse it")
    void months() {
        long hour = 3_600 * SECOND;
        SlidingWindow window = new SlidingWindow(50, hour, 0);
        long now = 0;
        for (int i = 0; i < 3_000; i++) {
            now += hour - SECOND;
            assertThat(window.take(now)).isZero();
        }
    }
}

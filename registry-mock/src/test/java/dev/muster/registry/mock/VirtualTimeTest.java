package dev.muster.registry.mock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> ran = new ArrayList<>();

    private Runnable note(String what) {
        return () -> ran.add(what + " at " + time.nanoTime() / 1_000_000);
    }

    @Test
    void standsStillUntilItIsMoved() {
        long before = time.nanoTime();
        time.after(Duration.ZERO, note("now"));

        assertThat(time.nanoTime()).isEqualTo(before);
        assertThat(ran).isEmpty();
        time.advance(Duration.ZERO);
        assertThat(ran).containsExactly("now at 0");
    }

    @Test
    void runsWhatIsDueInOrderOfTimeThenOfAsking() {
        time.after(Duration.ofMillis(20), note("c"));
        time.after(Duration.ofMillis(10), note("a"));
        time.after(Duration.ofMillis(10), note("b"));
        time.after(Duration.ofMillis(31), note("later"));
        time.advance(Duration.ofMillis(30));

        assertThat(ran).containsExactly("a at 10", "b at 10", "c at 20");
        assertThat(time.nanoTime()).isEqualTo(30_000_000);
        time.advance(Duration.ofMillis(1));
        assertThat(ran).endsWith("later at 31");
    }

    @Test
    void whatATaskPlansRunsInTheSameMoveIfItIsDue() {
        time.after(Duration.ofMillis(10), () -> {
            note("first").run();
            time.after(Duration.ofMillis(5), note("second"));
            time.after(Duration.ofMillis(50), note("third"));
        });
        time.advance(Duration.ofMillis(20));

        assertThat(ran).containsExactly("first at 10", "second at 15");
    }

    @Test
    void whatIsCancelledDoesNotRun() {
        TimeSource.Alarm alarm = time.after(Duration.ofMillis(10), note("cancelled"));
        time.after(Duration.ofMillis(10), note("marker"));
        alarm.cancel();
        alarm.cancel();
        time.advance(Duration.ofMillis(10));

        assertThat(ran).containsExactly("marker at 10");
    }

    @Test
    void theTimeOfDayMovesWithIt() {
        time.advance(Duration.ofSeconds(90));

        assertThat(time.currentTimeMillis())
                .isEqualTo(VirtualTime.START.plusSeconds(90).toEpochMilli());
        assertThat(time.clock().instant()).isEqualTo(VirtualTime.START.plusSeconds(90));
    }
}

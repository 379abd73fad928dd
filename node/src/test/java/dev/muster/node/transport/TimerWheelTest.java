package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerWheelTest {

    private final TimerWheel wheel = new TimerWheel(new EmbeddedChannel().eventLoop(), Duration.ofMillis(100));
    private final List<String> calls = new ArrayList<>();

    private final class Timer extends TimedHandler {
        private final String name;
        private Runnable then = () -> {};

        Timer(String name) {
            this.name = name;
        }

        @Override
        void onTime(int now) {
            calls.add(name + "@" + now);
            then.run();
        }
    }

    private void ticks(int count) {
        for (int i = 0; i < count; i++) {
            wheel.tick();
        }
    }

    @Test
    void calls_each_at_its_tick() {
        int start = wheel.now();
        wheel.schedule(new Timer("b"), start + 3);
        wheel.schedule(new Timer("a"), start + 1);
        ticks(5);
        assertThat(calls).containsExactly("a@" + (start + 1), "b@" + (start + 3));
    }

    @Test
    void takes_times_beyond_its_size() {
        int start = wheel.now();
        wheel.schedule(new Timer("far"), start + 1000);
        ticks(999);
        assertThat(calls).isEmpty();
        ticks(1);
        assertThat(calls).containsExactly("far@" + (start + 1000));
    }

    @Test
    void a_time_that_is_past_is_the_next_tick() {
        wheel.schedule(new Timer("late"), wheel.now() - 5);
        ticks(1);
        assertThat(calls).containsExactly("late@" + wheel.now());
    }

    @Test
    void the_last_schedule_counts() {
        Timer timer = new Timer("t");
        int start = wheel.now();
        wheel.schedule(timer, start + 1);
        wheel.schedule(timer, start + 4);
        ticks(6);
        assertThat(calls).containsExactly("t@" + (start + 4));
    }

    @Test
    void one_may_cancel_or_put_off_another_of_the_same_tick() {
        Timer first = new Timer("first");
        Timer cancelled = new Timer("cancelled");
        Timer putOff = new Timer("put off");
        Timer last = new Timer("last");
        int start = wheel.now();
        for (Timer each : List.of(first, cancelled, putOff, last)) {
            wheel.schedule(each, start + 1);
        }
        first.then = () -> {
            wheel.cancel(cancelled);
            wheel.schedule(putOff, start + 2);
        };
        ticks(3);
        assertThat(calls).containsExactly("first@" + (start + 1), "last@" + (start + 1), "put off@" + (start + 2));
    }

    @Test
    void rounds_times_up() {
        assertThat(wheel.ticks(Duration.ofMillis(1))).isEqualTo(1);
        assertThat(wheel.ticks(Duration.ofMillis(100))).isEqualTo(1);
        assertThat(wheel.ticks(Duration.ofMillis(101))).isEqualTo(2);
    }

    @Test
    void visits_all_and_forgets_who_left() {
        Timer a = new Timer("a");
        Timer b = new Timer("b");
        wheel.schedule(a, 10);
        wheel.schedule(b, 20);
        wheel.cancel(a);
        List<TimedHandler> seen = new ArrayList<>();
        wheel.forEach(seen::add);
        assertThat(seen).containsExactly(b);
    }
}

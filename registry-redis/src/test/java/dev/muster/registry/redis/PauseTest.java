package dev.muster.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a node waits between attempts to find the server again. */
class PauseTest {

    @ParameterizedTest
    @CsvSource({"10000, 1, 100", "10000, 3, 400", "10000, 20, 2000", "2000, 20, 500", "1000, 20, 250", "1000, 1, 100"})
    void never_longer_than_its_bound_and_a_quarter_of_the_lease(long lease, int failures, long bound) {
        long[] pauses = LongStream.range(0, 10_000)
                .map(i -> Supervisor.pause(failures, Duration.ofMillis(lease)))
                .toArray();
        assertThat(LongStream.of(pauses).max().orElseThrow()).isBetween(bound * 9 / 10, bound);
        assertThat(LongStream.of(pauses).min().orElseThrow()).isBetween(0L, bound / 10);
    }
}

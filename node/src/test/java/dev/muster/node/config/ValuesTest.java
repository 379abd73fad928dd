package dev.muster.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @Property
    void aDurationReadsBack(@ForAll @LongRange(min = 0, max = 999_999_999) long millis) {
        Duration duration = Duration.ofMillis(millis);
        assertThat(Durations.parse(Durations.show(duration))).isEqualTo(duration);
    }

    @Property
    void aSizeReadsBack(@ForAll @LongRange(min = 0, max = 1L << 36) long bytes) {
        ByteSize size = new ByteSize(bytes);
        assertThat(ByteSize.parse(size.toString())).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({"250ms,250", "10s,10000", "10,10000", "5m,300000", "1h,3600000", "0,0"})
    void durations(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"4096,4096", "64KiB,65536", "64k,65536", "64KB,65536", "1MiB,1048576", "1m,1048576", "7b,7"})
    void sizes(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5s", "1d", "s", "10 s", "99999999999s"})
    void notDurations(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5m", "k", "1 k", "1kbb", "9999999999999"})
    void notSizes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"prot,port", "regsitry,registry", "redis-pasword,redis-password", "port,port", "zzzz,", "nodeid,node-id"
    })
    void spelling(String written, String meant) {
        List<String> known = List.of("port", "registry", "redis-password", "node-id", "outbox");
        assertThat(Spelling.nearest(written, known).orElse(null)).isEqualTo(meant);
    }
}

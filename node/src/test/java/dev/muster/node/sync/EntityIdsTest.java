package dev.muster.node.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityIdsTest {

    private static final long PREFIX = 0xABCDEF0123L << 24;

    @Test
    @DisplayName("ids count up behind the random bits, and go on behind others when the count is used up")
    void prefixes() {
        EntityIds ids = new EntityIds(PREFIX | 77);
        assertThat(ids.next().bits()).isEqualTo(PREFIX + 1);
        long last = 0;
        for (int i = 2; i < 1 << 24; i++) {
            last = ids.next().bits();
        }
        assertThat(last).isEqualTo(PREFIX | 0xFF_FFFF);
        long next = ids.next().bits();
        assertThat(next & 0xFF_FFFF).isEqualTo(1);
        assertThat(next >>> 24).isNotEqualTo(PREFIX >>> 24);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1, -1L << 24})
    @DisplayName("no id stands for a new one, and none is 0")
    void reserved(long random) {
        EntityIds ids = new EntityIds(random);
        Set<Entity> first = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            first.add(ids.next());
        }
        assertThat(first).hasSize(1000).doesNotContain(Entity.NEW, new Entity(0));
    }

    @Test
    @DisplayName("threads never get the same id")
    void threads() {
        EntityIds ids = new EntityIds(PREFIX);
        Set<Entity> all = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 100_000).parallel().forEach(i -> all.add(ids.next()));
        assertThat(all).hasSize(100_000);
    }

    @Test
    @DisplayName("an id is written in decimal without a sign")
    void text() {
        assertThat(Entity.NEW).hasToString("18446744073709551615");
        assertThat(Entity.parse("18446744073709551615")).isEqualTo(Entity.NEW);
        assertThat(Entity.parse("0")).isEqualTo(new Entity(0));
        for (String wrong :
                new String[] {"", "-1", "+1", "1.0", "18446744073709551616", "x", "٣", "000000000000000000001"}) {
            assertThatThrownBy(() -> Entity.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

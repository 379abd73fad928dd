package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EndingTest {

    @Test
    @DisplayName("whatever codes clients make up, there are few endings")
    void bounded() {
        Set<Ending> endings = new HashSet<>();
        for (int code = 1000; code < 5000; code++) {
            endings.add(Ending.byClient(code));
        }
        assertThat(endings).hasSizeLessThan(12);
        assertThat(Ending.byClient(4002)).isEqualTo(new Ending(Ending.By.CLIENT, "other", "other"));
    }

    @Test
    @DisplayName("what the node closes with keeps its code and has a word")
    void words() {
        assertThat(Ending.byServer(4002)).isEqualTo(new Ending(Ending.By.SERVER, "4002", "slow"));
        assertThat(Ending.byServer(1009)).isEqualTo(new Ending(Ending.By.SERVER, "1009", "too_big"));
        assertThat(Ending.byServer(4321)).isEqualTo(new Ending(Ending.By.SERVER, "4321", "other"));
        assertThat(Ending.byClient(1005)).isEqualTo(new Ending(Ending.By.CLIENT, "1005", "no_code"));
    }
}

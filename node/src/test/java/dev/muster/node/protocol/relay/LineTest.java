package dev.muster.node.protocol.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LineTest {

    private final List<String> done = new ArrayList<>();
    private final Line line = new Line();

    @Test
    @DisplayName("who comes first is first, however long it takes to know what they wanted")
    void order() {
        line.add(() -> done.add("a"));
        Line.Place b = line.keep();
        Line.Place c = line.keep();
        line.add(() -> done.add("d"));
        assertThat(done).containsExactly("a");
        line.fill(c, () -> done.add("c"));
        assertThat(done).containsExactly("a");
        line.fill(b, () -> done.add("b"));
        assertThat(done).containsExactly("a", "b", "c", "d");
        assertThat(line.isEmpty()).isTrue();
    }

    @Test
    @DisplayName("one that fails does not keep the others")
    void failing() {
        Line.Place first = line.keep();
        Line.Place second = line.keep();
        assertThatThrownBy(() -> line.fill(first, () -> {
                    throw new IllegalStateException("first");
                }))
                .hasMessage("first");
        line.fill(second, () -> done.add("second"));
        line.add(() -> done.add("third"));
        assertThat(done).containsExactly("second", "third");
    }

    @Property(tries = 500)
    void keepsTheOrderInWhateverOrderPlacesAreFilled(@ForAll long seed) {
        Random random = new Random(seed);
        Line some = new Line();
        List<Integer> heard = new ArrayList<>();
        List<Integer> expected = new ArrayList<>();
        List<Runnable> later = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int number = i;
            expected.add(number);
            if (random.nextBoolean()) {
                Line.Place place = some.keep();
                later.add(() -> some.fill(place, () -> heard.add(number)));
            } else {
                some.add(() -> heard.add(number));
            }
            if (!later.isEmpty() && random.nextInt(3) == 0) {
                later.remove(random.nextInt(later.size())).run();
            }
        }
        Collections.shuffle(later, random);
        later.forEach(Runnable::run);
        assertThat(heard).isEqualTo(expected);
        assertThat(some.isEmpty()).isTrue();
    }
}

package dev.muster.node.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.muster.node.sync.component.Position;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;

class StrollTest {

    @Property(tries = 200)
    void nobodyLeavesTheWorldOrJumps(@ForAll long seed, @ForAll @DoubleRange(min = 1, max = 500) double speed) {
        Stroll stroll = new Stroll(new Random(seed), speed);
        Position before = stroll.place();
        for (int i = 0; i < 200; i++) {
            Position now = stroll.walk(0.3);
            assertThat(now.x()).isBetween(0f, Stroll.WIDTH);
            assertThat(now.y()).isBetween(0f, Stroll.HEIGHT);
            assertThat(Math.hypot(now.x() - before.x(), now.y() - before.y())).isLessThan(speed * 0.3 + 0.05);
            before = now;
        }
    }

    @Property(tries = 100)
    void whoIsPutElsewhereGoesOnFromThere(
            @ForAll long seed,
            @ForAll @FloatRange(min = -2000, max = 2000) float x,
            @ForAll @FloatRange(min = -2000, max = 2000) float y) {
        Stroll stroll = new Stroll(new Random(seed), 30);
        stroll.putTo(new Position(x, y, 0));
        Position there = stroll.place();
        assertThat(there.x()).isCloseTo(Math.min(Stroll.WIDTH, Math.max(0, x)), offset(0.01f));
        assertThat(there.y()).isCloseTo(Math.min(Stroll.HEIGHT, Math.max(0, y)), offset(0.01f));
    }
}

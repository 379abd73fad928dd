package dev.muster.node.demo;

import dev.muster.node.sync.component.Position;
import java.util.random.RandomGenerator;

/** The way of one thing: on and on, turning a little, and back at the edges. One thread at a time. */
final class Stroll {

    /** The world is as large as {@code /world} draws it, in its own units. */
    static final float WIDTH = 1000;

    static final float HEIGHT = 800;

    private static final double TURN = 0.5;

    private final RandomGenerator random;
    private final double speed;
    private double x;
    private double y;
    private double heading;

    /**
     * @param speed in units a second
     */
    Stroll(RandomGenerator random, double speed) {
        this.random = random;
        this.speed = speed;
        this.x = random.nextDouble() * WIDTH;
        this.y = random.nextDouble() * HEIGHT;
        this.heading = random.nextDouble() * 2 * Math.PI;
    }

    /** Somebody put it elsewhere. */
    void putTo(Position place) {
        x = within(place.x(), WIDTH);
        y = within(place.y(), HEIGHT);
    }

    /** Goes on for so long. */
    Position walk(double seconds) {
        heading += (random.nextDouble() - 0.5) * TURN;
        x += Math.cos(heading) * speed * seconds;
        y += Math.sin(heading) * speed * seconds;
        if (x < 0 || x > WIDTH) {
            heading = Math.PI - heading;
        }
        if (y < 0 || y > HEIGHT) {
            heading = -heading;
        }
        x = within(x, WIDTH);
        y = within(y, HEIGHT);
        return place();
    }

    /** Where it is; to a hundredth, for more than that nobody sees. */
    Position place() {
        return new Position(hundredth(x), hundredth(y), 0);
    }

    private static float hundredth(double value) {
        return Math.round(value * 100) / 100f;
    }

    private static double within(double value, double most) {
        return Math.min(most, Math.max(0, value));
    }
}

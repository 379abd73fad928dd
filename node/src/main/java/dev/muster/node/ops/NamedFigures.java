package dev.muster.node.ops;

import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;

/**
 * Figures that parts of the node bring along under names of their own. They are only read, and only when somebody asks
 * for the metrics. Any thread; more may be added at any time.
 *
 * <p>Names are written with dots and begin with {@code muster.}; a unit comes last: {@code muster.sessions.unacked.bytes}.
 * Prometheus sees underscores, and {@code _total} behind counters. Label values come from the program, never from a
 * client, so that there are few.
 */
public final class NamedFigures {

    /**
     * @param isCounter whether it only rises
     * @param value asked on the thread that writes the metrics
     */
    record Figure(boolean isCounter, String name, String help, Tags labels, DoubleSupplier value) {}

    private final List<Figure> all = new CopyOnWriteArrayList<>();

    /**
     * A figure that goes up and down.
     *
     * @param help a sentence that says what is measured, and in what unit
     * @param labels names and values in turn
     */
    public void gauge(String name, String help, DoubleSupplier value, String... labels) {
        all.add(new Figure(false, name, help, Tags.of(labels), value));
    }

    /**
     * A figure that only rises, from zero at the node's start.
     *
     * @param help a sentence that says what is counted
     * @param labels names and values in turn
     */
    public void counter(String name, String help, DoubleSupplier value, String... labels) {
        all.add(new Figure(true, name, help, Tags.of(labels), value));
    }

    List<Figure> all() {
        return all;
    }
}

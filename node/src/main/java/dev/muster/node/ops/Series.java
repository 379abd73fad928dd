package dev.muster.node.ops;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Makes meters of figures that are counted elsewhere. A meter that is there already stays as it is. */
final class Series {

    private final MeterRegistry registry;
    /** Micrometer only holds what it reads from weakly, and a counter whose source is gone stands still for ever. */
    private final List<DoubleSupplier> sources = new ArrayList<>();

    Series(MeterRegistry registry) {
        this.registry = registry;
    }

    void gauge(String name, String help, DoubleSupplier figure, String... labels) {
        gauge(name, help, figure, Tags.of(labels));
    }

    void gauge(String name, String help, DoubleSupplier figure, Tags labels) {
        if (registry.find(name).tags(labels).gauge() == null) {
            sources.add(figure);
            Gauge.builder(name, figure, DoubleSupplier::getAsDouble)
                    .description(help)
                    .tags(labels)
                    .register(registry);
        }
    }

    void counter(String name, String help, DoubleSupplier figure, String... labels) {
        counter(name, help, figure, Tags.of(labels));
    }

    void counter(String name, String help, DoubleSupplier figure, Tags labels) {
        if (registry.find(name).tags(labels).functionCounter() == null) {
            sources.add(figure);
            FunctionCounter.builder(name, figure, DoubleSupplier::getAsDouble)
                    .description(help)
                    .tags(labels)
                    .register(registry);
        }
    }
}

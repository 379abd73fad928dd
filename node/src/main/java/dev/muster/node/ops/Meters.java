package dev.muster.node.ops;

import dev.muster.node.ops.RegistryFigures.Operation;
import dev.muster.node.transport.TransportMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * The figures of a node for Prometheus. Counting goes on without it: it only reads, and is made when somebody first
 * asks. No label names a room, a user or an address, so the number of series has a bound.
 */
final class Meters {

    private final Figures figures;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MultiGauge closes;
    private final MultiGauge refusals;
    private final MultiGauge badInput;

    Meters(Figures figures) {
        this.figures = figures;
        sockets(figures.transport());
        gauge("muster.rooms", "Rooms with members on this node", f -> f.rooms().getAsInt());
        gauge(
                "muster.ready",
                "1 if the node takes connections and reaches its registry",
                f -> f.state().status() == NodeState.Status.READY ? 1 : 0);
        gauge(
                "muster.nodes",
                "Nodes of the cluster that are up, as this one sees it",
                f -> f.nodes().nodes().size());
        gauge(
                "muster.eventloop.lag.seconds",
                "Longest delay of an event loop in the last half minute",
                f -> f.lag().worstSeconds());
        gauge(
                "muster.uptime.seconds",
                "Time since the node began to start",
                f -> f.state().uptimeSeconds());
        FunctionTimer.builder(
                        "muster.latency",
                        figures.registry().latency(),
                        LatencyFigures::count,
                        LatencyFigures::seconds,
                        TimeUnit.SECONDS)
                .description("Samples of the time of a message from socket to socket on this node")
                .register(registry);
        closes = MultiGauge.builder("muster.connections.closed")
                .description("WebSockets closed since the start, by close code")
                .register(registry);
        refusals = MultiGauge.builder("muster.requests.refused")
                .description("Requests refused since the start, by status and reason")
                .register(registry);
        badInput = MultiGauge.builder("muster.bad.input")
                .description("Messages that were answered with an error since the start")
                .register(registry);
        registryOperations();
        JvmMeters.bindTo(registry);
    }

    private void sockets(TransportMetrics transport) {
        gauge("muster.connections", "Open WebSockets", f -> f.transport().open());
        counter("muster.connections.opened", "WebSockets ever opened", transport, TransportMetrics::total);
        counter("muster.messages.received", "Messages from clients", transport, TransportMetrics::messagesReceived);
        counter("muster.messages.sent", "Messages for clients", transport, TransportMetrics::messagesSent);
        counter("muster.bytes.received", "Bytes of messages from clients", transport, TransportMetrics::bytesReceived);
        counter("muster.bytes.sent", "Bytes of frames for clients", transport, TransportMetrics::bytesSent);
        counter("muster.messages.failed", "Messages whose handling threw", transport, TransportMetrics::errors);
    }

    private void registryOperations() {
        for (Operation operation : Operation.values()) {
            figures.registry()
                    .outcomes(operation)
                    .forEach((outcome, count) -> FunctionCounter.builder(
                                    "muster.registry.operations", count, LongAdder::sum)
                            .description("Operations of the registry by kind and outcome")
                            .tags("operation", operation.text(), "outcome", outcome)
                            .register(registry));
            FunctionTimer.builder(
                            "muster.registry.operation",
                            figures.registry(),
                            counted -> counted.count(operation),
                            counted -> counted.seconds(operation),
                            TimeUnit.SECONDS)
                    .description("Time of the registry's operations by kind")
                    .tags("operation", operation.text())
                    .register(registry);
        }
    }

    private void gauge(String name, String description, ToDoubleFunction<Figures> figure) {
        Gauge.builder(name, figures, figure).description(description).register(registry);
    }

    private <T> void counter(String name, String description, T counted, ToDoubleFunction<T> figure) {
        FunctionCounter.builder(name, counted, figure).description(description).register(registry);
    }

    /**
     * All of them as text.
     *
     * @param contentType which of Prometheus's forms
     */
    synchronized String scrape(String contentType) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        figures.transport().closes().forEach((code, count) -> rows.add(row(count, "code", Integer.toString(code))));
        closes.register(rows, true);
        rows.clear();
        figures.transport().refusals().forEach((reason, count) -> {
            int space = reason.indexOf(' ');
            rows.add(row(count, "status", reason.substring(0, space), "reason", reason.substring(space + 1)));
        });
        refusals.register(rows, true);
        rows.clear();
        figures.badInput()
                .sums()
                .forEach((kind, count) -> rows.add(row(count, "protocol", kind.protocol(), "code", kind.code())));
        badInput.register(rows, true);
        return registry.scrape(contentType);
    }

    private static MultiGauge.Row<?> row(long value, String... tags) {
        return MultiGauge.Row.of(Tags.of(tags), value);
    }

    MeterRegistry registry() {
        return registry;
    }
}

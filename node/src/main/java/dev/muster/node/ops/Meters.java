package dev.muster.node.ops;

import dev.muster.node.ops.RegistryFigures.Operation;
import dev.muster.node.transport.TransportMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The figures of a node for Prometheus. Counting goes on without it: it only reads, and is made when somebody first
 * asks. No label names a room, a user or an address, so the number of series has a bound.
 */
final class Meters {

    private final Figures figures;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** Tags of counters that exist only once something was counted. */
    private final Set<Tags> known = new HashSet<>();

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
        TransportMetrics transport = figures.transport();
        transport
                .closes()
                .keySet()
                .forEach(code -> late(
                        "muster.connections.closed",
                        "WebSockets closed, by close code",
                        () -> transport.closes().getOrDefault(code, 0L),
                        Tags.of("code", Integer.toString(code))));
        transport.refusals().keySet().forEach(reason -> {
            int space = reason.indexOf(' ');
            late(
                    "muster.requests.refused",
                    "Requests refused, by status and reason",
                    () -> transport.refusals().getOrDefault(reason, 0L),
                    Tags.of("status", reason.substring(0, space), "reason", reason.substring(space + 1)));
        });
        figures.badInput()
                .sums()
                .keySet()
                .forEach(kind -> late(
                        "muster.bad.input",
                        "Messages answered with an error, by protocol and code",
                        () -> figures.badInput().sums().getOrDefault(kind, 0L),
                        Tags.of("protocol", kind.protocol(), "code", kind.code())));
        return registry.scrape(contentType);
    }

    private void late(String name, String description, Supplier<Number> count, Tags tags) {
        if (known.add(tags)) {
            FunctionCounter.builder(name, count, counted -> counted.get().doubleValue())
                    .description(description)
                    .tags(tags)
                    .register(registry);
        }
    }
}

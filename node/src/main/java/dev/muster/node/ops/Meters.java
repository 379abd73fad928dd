package dev.muster.node.ops;

import dev.muster.node.ops.RegistryFigures.Operation;
import dev.muster.node.room.Rooms;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocatorMetric;
import java.util.Objects;

/**
 * The figures of a node for Prometheus. Counting goes on without it: it only reads, and is made when somebody first
 * asks. No label names a room, a user or an address, so the number of series has a bound.
 */
final class Meters {

    private final Figures figures;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Series series = new Series(registry);
    private final TrafficSeries traffic;
    /** Looked at once for each answer. */
    private QueueDepth depth = QueueDepth.NOTHING;

    Meters(Figures figures) {
        this.figures = figures;
        this.traffic = new TrafficSeries(figures.transport(), series);
        node(figures.state());
        rooms(figures.rooms());
        queues();
        registryOperations(figures.registry());
        JvmMeters.bindTo(registry);
    }

    private void node(NodeState state) {
        String version = Meters.class.getPackage().getImplementationVersion();
        series.gauge(
                "muster.node.info",
                "Always 1; the labels say which node this is",
                () -> 1,
                "node",
                state.node(),
                "registry",
                state.registry(),
                "version",
                Objects.requireNonNullElse(version, "unpackaged"));
        series.gauge(
                "muster.ready",
                "1 if the node takes connections and reaches its registry, else 0",
                () -> state.status() == NodeState.Status.READY ? 1 : 0);
        series.gauge("muster.draining", "1 if the node is stopping, else 0", () -> state.isDraining() ? 1 : 0);
        series.gauge(
                "muster.nodes",
                "Nodes of the cluster that are up, as this one sees it",
                () -> figures.nodes().nodes().size());
        series.gauge("muster.uptime.seconds", "Time since the node began to start", state::uptimeSeconds);
        series.gauge(
                "muster.eventloop.lag.seconds",
                "Longest delay of a task on any event loop in the last half minute",
                figures.lag()::worstSeconds);
    }

    private void rooms(Rooms rooms) {
        series.gauge("muster.rooms", "Rooms with members on this node", rooms::count);
        series.counter(
                "muster.room.messages",
                "Messages that connections of this node said in rooms",
                rooms::messagesReceived);
        series.counter(
                "muster.deliveries",
                "Frames offered to members of rooms on this node; one message to a room is many",
                () -> rooms.load().delivered());
        registry.getPrometheusRegistry()
                .register(new Histogram(
                                "muster_delivery_latency_seconds",
                                "Time of a message from a socket of this node through the registry until it is flushed"
                                        + " to the members here; a sample of at most 200 messages a second")
                        .with(figures.registry().latency()));
    }

    private void queues() {
        series.gauge(
                "muster.outbox.bytes",
                "Bytes sent to clients that their sockets have not taken yet, of all connections",
                () -> depth.bytes());
        series.gauge(
                "muster.outbox.max.bytes",
                "Bytes not taken yet of the connection with most; it is closed with 4002 at the outbox limit",
                () -> depth.mostBytes());
        series.gauge(
                "muster.outbox.messages",
                "Frames that wait for clients which do not keep up, of all connections",
                () -> depth.messages());
        series.gauge(
                "muster.outbox.behind.connections", "Connections whose client does not keep up", () -> depth.behind());
        series.gauge(
                "muster.loop.queue.bytes",
                "Bytes of room events that wait for an event loop, of all loops",
                () -> figures.rooms().load().waitingBytes());
        series.gauge(
                "muster.loop.queue.max.bytes",
                "Bytes of room events that wait for the event loop with most; from 64 MiB on they are dropped",
                () -> figures.rooms().load().mostWaitingBytes());
        PooledByteBufAllocatorMetric buffers = PooledByteBufAllocator.DEFAULT.metric();
        String memory = "Memory that network buffers have taken from the system; what is free again stays reserved";
        series.gauge("muster.network.buffers.bytes", memory, buffers::usedDirectMemory, "memory", "direct");
        series.gauge("muster.network.buffers.bytes", memory, buffers::usedHeapMemory, "memory", "heap");
        String dropped = "Messages given up, by reason: outbox_full, in frames, before a client that does not read is"
                + " closed; loop_behind, in events, while an event loop does not keep up";
        series.counter(
                "muster.messages.dropped", dropped, figures.transport()::messagesDropped, "reason", "outbox_full");
        series.counter(
                "muster.messages.dropped", dropped, () -> figures.rooms().load().dropped(), "reason", "loop_behind");
    }

    private void registryOperations(RegistryFigures counted) {
        Histogram times = new Histogram(
                "muster_registry_operation_seconds",
                "Time of the registry's operations by kind, whatever their outcome");
        for (Operation operation : Operation.values()) {
            counted.outcomes(operation)
                    .forEach((outcome, count) -> series.counter(
                            "muster.registry.operations",
                            "Operations of the registry by kind and outcome: ok, the reason of a failure, or other",
                            count::sum,
                            "operation",
                            operation.text(),
                            "outcome",
                            outcome));
            times.with(counted.times(operation), "operation", operation.text());
        }
        registry.getPrometheusRegistry().register(times);
    }

    /**
     * All of them as text.
     *
     * @param contentType which of Prometheus's forms
     */
    synchronized String scrape(String contentType) {
        depth = QueueDepth.of(figures.connections().get());
        traffic.update();
        BadInputFigures badInput = figures.badInput();
        for (BadInputFigures.Kind kind : badInput.sums().keySet()) {
            series.counter(
                    "muster.bad.input",
                    "Messages that were refused on an open connection, by protocol and by what the client was told",
                    () -> badInput.sum(kind),
                    "protocol",
                    kind.protocol(),
                    "code",
                    kind.code());
        }
        for (NamedFigures.Figure figure : figures.named().all()) {
            add(figure);
        }
        return registry.scrape(contentType);
    }

    private void add(NamedFigures.Figure figure) {
        Tags labels = figure.labels();
        if (figure.isCounter()) {
            series.counter(figure.name(), figure.help(), figure.value(), labels);
        } else {
            series.gauge(figure.name(), figure.help(), figure.value(), labels);
        }
    }
}

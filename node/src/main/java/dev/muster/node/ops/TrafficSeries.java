package dev.muster.node.ops;

import dev.muster.node.transport.Ending;
import dev.muster.node.transport.Traffic;
import dev.muster.node.transport.TransportMetrics;
import dev.muster.node.transport.TransportMetrics.Wire;
import io.micrometer.core.instrument.Tags;
import java.util.Map;

/** What the sockets did, by transport and protocol; wires, endings and refusals appear once there was one. */
final class TrafficSeries {

    private final TransportMetrics transport;
    private final Series series;

    TrafficSeries(TransportMetrics transport, Series series) {
        this.transport = transport;
        this.series = series;
    }

    void update() {
        transport.byWire().forEach((wire, traffic) -> {
            Tags labels = Tags.of("transport", wire.transport(), "protocol", wire.protocol());
            wire(labels, traffic);
            traffic.endings().keySet().forEach(ending -> ending(wire, traffic, ending));
        });
        transport.refusals().keySet().forEach(this::refusal);
        transport.answers().keySet().forEach(this::answer);
    }

    private void wire(Tags labels, Traffic traffic) {
        series.gauge("muster.connections", "Open connections, by transport and protocol", traffic::open, labels);
        series.counter("muster.connections.opened", "Connections that were opened", traffic::opened, labels);
        series.counter("muster.messages.received", "Messages from clients", traffic::messagesReceived, labels);
        series.counter(
                "muster.received.bytes", "Payload bytes of messages from clients", traffic::bytesReceived, labels);
        series.counter("muster.messages.sent", "Messages for clients", traffic::messagesSent, labels);
        series.counter(
                "muster.sent.bytes", "Bytes of messages for clients, with frame headers", traffic::bytesSent, labels);
        series.counter("muster.messages.failed", "Messages whose handler failed", traffic::failed, labels);
    }

    private void ending(Wire wire, Traffic traffic, Ending ending) {
        series.counter(
                "muster.connections.closed",
                "Connections that ended, by who closed them (server, client, lost), close code and a word for it",
                () -> traffic.endings().getOrDefault(ending, 0L),
                "transport",
                wire.transport(),
                "protocol",
                wire.protocol(),
                "by",
                ending.by().text(),
                "code",
                ending.code(),
                "reason",
                ending.reason());
    }

    private void refusal(String statusAndReason) {
        int space = statusAndReason.indexOf(' ');
        series.counter(
                "muster.requests.refused",
                "Upgrades and malformed requests that were refused, by status and reason",
                () -> of(transport.refusals(), statusAndReason),
                "status",
                statusAndReason.substring(0, space),
                "reason",
                statusAndReason.substring(space + 1));
    }

    private void answer(String status) {
        series.counter(
                "muster.http.responses",
                "Answers to plain HTTP requests, by status",
                () -> of(transport.answers(), status),
                "status",
                status);
    }

    private static long of(Map<String, Long> sums, String key) {
        return sums.getOrDefault(key, 0L);
    }
}

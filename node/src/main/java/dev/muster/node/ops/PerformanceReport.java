package dev.muster.node.ops;

import dev.muster.node.transport.TransportMetrics;
import java.util.Locale;

/** The figures of a node in eight lines for people. */
final class PerformanceReport {

    private PerformanceReport() {}

    static String of(Figures figures) {
        TransportMetrics transport = figures.transport();
        LatencyFigures latency = figures.registry().latency();
        long refused = transport.refusals().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return String.format(
                Locale.ROOT,
                """
                === Performance Report ===
                Uptime: %ds
                Connections: %d active / %d total (%d errors)
                Messages: %d sent / %d received (%d errors)
                Bytes: %d sent / %d received
                Active Rooms: %d
                Latency: avg=%.2fms, p99=%.2fms
                =========================""",
                figures.state().uptimeSeconds(),
                transport.open(),
                transport.total(),
                refused,
                transport.messagesSent(),
                transport.messagesReceived(),
                transport.errors(),
                transport.bytesSent(),
                transport.bytesReceived(),
                figures.rooms().count(),
                latency.averageMillis(),
                latency.p99Millis());
    }
}

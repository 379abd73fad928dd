package dev.muster.node.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines about connections that come and go: at most {@value #LINES_PER_SECOND} a second, then a count. */
final class ConnectionLog {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLog.class);
    private static final int LINES_PER_SECOND = 20;

    private final TransportMetrics metrics;
    private final AtomicLong second = new AtomicLong();
    private final AtomicInteger lines = new AtomicInteger();

    ConnectionLog(TransportMetrics metrics) {
        this.metrics = metrics;
    }

    void connected(String id) {
        if (LOG.isInfoEnabled() && mayLog()) {
            LOG.info(
                    "WebSocket client connected: Connection with ID={} (Total TCP: {}, WS: {})", id, 0, metrics.open());
        }
    }

    void disconnected(String id, int code) {
        if (LOG.isInfoEnabled() && mayLog()) {
            LOG.info(
                    "WebSocket client disconnected: Connection with ID={} code={} (Total TCP: {}, WS: {})",
                    id,
                    code,
                    0,
                    metrics.open());
        }
    }

    private boolean mayLog() {
        long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        long then = second.get();
        if (now != then && second.compareAndSet(then, now)) {
            int before = lines.getAndSet(0);
            if (before > LINES_PER_SECOND) {
                LOG.info("{} more connections came or went without a line of their own", before - LINES_PER_SECOND);
            }
        }
        return lines.incrementAndGet() <= LINES_PER_SECOND;
    }
}

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
    private static final String TCP = "tcp";
    private static final String WEB_SOCKET = "websocket";

    private final TransportMetrics metrics;
    private final AtomicLong second = new AtomicLong();
    private final AtomicInteger lines = new AtomicInteger();

    ConnectionLog(TransportMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * @param transport see {@link dev.muster.node.connection.Connection#transport}
     */
    void connected(String transport, String id) {
        if (LOG.isInfoEnabled() && mayLog()) {
            LOG.info(
                    "{} client connected: Connection with ID={} (Total TCP: {}, WS: {})",
                    name(transport),
                    id,
                    metrics.open(TCP),
                    metrics.open(WEB_SOCKET));
        }
    }

    /**
     * @param transport see {@link dev.muster.node.connection.Connection#transport}
     */
    void disconnected(String transport, String id, int code) {
        if (LOG.isInfoEnabled() && mayLog()) {
            LOG.info(
                    "{} client disconnected: Connection with ID={} code={} (Total TCP: {}, WS: {})",
                    name(transport),
                    id,
                    code,
                    metrics.open(TCP),
                    metrics.open(WEB_SOCKET));
        }
    }

    private static String name(String transport) {
        return transport.equals(TCP) ? "TCP" : "WebSocket";
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

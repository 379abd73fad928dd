package dev.muster.node.transport;

import dev.muster.node.connection.CloseReason;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** What the transports of one node count. Any thread; sums may be a tick old. */
public final class TransportMetrics {

    private final LongAdder webSocketsOpen = new LongAdder();
    private final LongAdder webSocketsTotal = new LongAdder();
    private final LongAdder messagesReceived = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder messagesSent = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final ConcurrentMap<Integer, LongAdder> closes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> refusals = new ConcurrentHashMap<>();

    void opened() {
        webSocketsOpen.increment();
        webSocketsTotal.increment();
    }

    void disconnected(int code) {
        webSocketsOpen.decrement();
        closes.computeIfAbsent(code, any -> new LongAdder()).increment();
    }

    void received(int bytes) {
        messagesReceived.increment();
        bytesReceived.add(bytes);
    }

    void sent(int messages, long bytes) {
        messagesSent.add(messages);
        bytesSent.add(bytes);
    }

    void error() {
        errors.increment();
    }

    void refused(int status, String reason) {
        refusals.computeIfAbsent(status + " " + reason, any -> new LongAdder()).increment();
    }

    /** Connections that are open now. */
    public long open() {
        return webSocketsOpen.sum();
    }

    /** Connections that were ever opened. */
    public long total() {
        return webSocketsTotal.sum();
    }

    /** Whole messages from clients. */
    public long messagesReceived() {
        return messagesReceived.sum();
    }

    /** Payload bytes of those. */
    public long bytesReceived() {
        return bytesReceived.sum();
    }

    /** Frames taken for sending to a client, control frames left out. */
    public long messagesSent() {
        return messagesSent.sum();
    }

    /** Bytes of those, with their frame headers. */
    public long bytesSent() {
        return bytesSent.sum();
    }

    /** Messages whose handling threw. */
    public long errors() {
        return errors.sum();
    }

    /** Connections closed because they did not read. */
    public long slowCloses() {
        LongAdder slow = closes.get(CloseReason.SLOW.code());
        return slow == null ? 0 : slow.sum();
    }

    /** Closed connections by the first close code either side gave: 1005 for none in the frame, 1006 for no frame. */
    public Map<Integer, Long> closes() {
        Map<Integer, Long> sums = new TreeMap<>();
        closes.forEach((code, count) -> sums.put(code, count.sum()));
        return sums;
    }

    /** Refused requests by status and a word for the reason: {@code 403 origin}. */
    public Map<String, Long> refusals() {
        Map<String, Long> sums = new TreeMap<>();
        refusals.forEach((reason, count) -> sums.put(reason, count.sum()));
        return sums;
    }
}

package dev.muster.node.transport;

import dev.muster.node.connection.CloseReason;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/** What the transports of one node count. Any thread; sums may be a moment old. */
public final class TransportMetrics {

    /**
     * A way to talk to the node.
     *
     * @param transport see {@link dev.muster.node.connection.Connection#transport}
     * @param protocol see {@link dev.muster.node.connection.Route#protocol}
     */
    public record Wire(String transport, String protocol) implements Comparable<Wire> {

        private static final Comparator<Wire> ORDER =
                Comparator.comparing(Wire::transport).thenComparing(Wire::protocol);

        @Override
        public int compareTo(Wire other) {
            return ORDER.compare(this, other);
        }
    }

    private final ConcurrentMap<Wire, Traffic> wires = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> refusals = new ConcurrentHashMap<>();

    /** Where the connections of a wire are counted. Both words come from the program, so there are few. */
    Traffic traffic(Wire wire) {
        Traffic known = wires.get(wire);
        return known != null ? known : wires.computeIfAbsent(wire, added -> new Traffic());
    }

    void refused(int status, String reason) {
        refusals.computeIfAbsent(status + " " + reason, any -> new LongAdder()).increment();
    }

    void answered(int status) {
        answers.computeIfAbsent(Integer.toString(status), any -> new LongAdder())
                .increment();
    }

    /** By wire; only those that somebody has used. */
    public Map<Wire, Traffic> byWire() {
        return new TreeMap<>(wires);
    }

    private long sum(ToLongFunction<Traffic> figure) {
        return wires.values().stream().mapToLong(figure).sum();
    }

    /** Connections that are open now. */
    public long open() {
        return sum(Traffic::open);
    }

    /** Connections of one transport that are open now. */
    public long open(String transport) {
        long open = 0;
        for (Map.Entry<Wire, Traffic> wire : wires.entrySet()) {
            open += wire.getKey().transport().equals(transport)
                    ? wire.getValue().open()
                    : 0;
        }
        return open;
    }

    /** Connections that were ever opened. */
    public long total() {
        return sum(Traffic::opened);
    }

    /** Whole messages from clients. */
    public long messagesReceived() {
        return sum(Traffic::messagesReceived);
    }

    /** Payload bytes of those. */
    public long bytesReceived() {
        return sum(Traffic::bytesReceived);
    }

    /** Frames taken for sending to a client, control frames left out. */
    public long messagesSent() {
        return sum(Traffic::messagesSent);
    }

    /** Bytes of those, with their frame headers. */
    public long bytesSent() {
        return sum(Traffic::bytesSent);
    }

    /** Frames given up because a client did not read and its outbox was full. */
    public long messagesDropped() {
        return sum(Traffic::dropped);
    }

    /** Messages whose handling threw. */
    public long errors() {
        return sum(Traffic::failed);
    }

    /** How connections ended, and how often. */
    public Map<Ending, Long> endings() {
        Map<Ending, Long> sums = new TreeMap<>();
        wires.values()
                .forEach(traffic -> traffic.endings().forEach((ending, count) -> sums.merge(ending, count, Long::sum)));
        return sums;
    }

    /** Connections closed because they did not read. */
    public long slowCloses() {
        return endings().getOrDefault(Ending.byServer(CloseReason.SLOW.code()), 0L);
    }

    /** Refused requests by status and a word for the reason: {@code 403 origin}. */
    public Map<String, Long> refusals() {
        return sums(refusals);
    }

    /** Answers to plain requests by status. */
    public Map<String, Long> answers() {
        return sums(answers);
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((key, count) -> sums.put(key, count.sum()));
        return sums;
    }
}

package dev.muster.node.ops;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What clients did wrong, by protocol and by what they were told. Any thread. */
public final class BadInputFigures {

    /**
     * @param protocol what they spoke
     * @param code what they were told
     */
    record Kind(String protocol, String code) implements Comparable<Kind> {
        @Override
        public int compareTo(Kind other) {
            int byProtocol = protocol.compareTo(other.protocol);
            return byProtocol != 0 ? byProtocol : code.compareTo(other.code);
        }
    }

    private final ConcurrentHashMap<Kind, LongAdder> counts = new ConcurrentHashMap<>();

    /** Counts one. Both words come from the program, never from a client, so there are few. */
    public void count(String protocol, String code) {
        counts.computeIfAbsent(new Kind(protocol, code), kind -> new LongAdder())
                .increment();
    }

    long sum(Kind kind) {
        LongAdder count = counts.get(kind);
        return count == null ? 0 : count.sum();
    }

    Map<Kind, Long> sums() {
        Map<Kind, Long> sums = new TreeMap<>();
        counts.forEach((kind, count) -> sums.put(kind, count.sum()));
        return sums;
    }
}

package dev.muster.node.limit;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What was refused because it was too much. Any thread. */
public final class LimitFigures {

    /** The limits there are. */
    public enum Kind {
        /** Messages of one connection. */
        CONNECTION,
        /** Pings, acknowledgements and the like of one connection. */
        CONTROL,
        /** Messages of one user in the cluster. */
        USER,
        /** Messages of all connections of the node. */
        NODE,
        /** New connections of one address. */
        ADDRESS;

        /** As a label of the metrics. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Kind, LongAdder> counts = new EnumMap<>(Kind.class);

    public LimitFigures() {
        for (Kind kind : Kind.values()) {
            counts.put(kind, new LongAdder());
        }
    }

    void count(Kind kind) {
        LongAdder count = counts.get(kind);
        if (count != null) {
            count.increment();
        }
    }

    /** Refused so far. */
    public long sum(Kind kind) {
        LongAdder count = counts.get(kind);
        return count == null ? 0 : count.sum();
    }
}

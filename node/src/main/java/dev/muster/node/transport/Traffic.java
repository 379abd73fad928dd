package dev.muster.node.transport;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/** What the connections of one wire did: one transport and one protocol. Any thread; sums may be a moment old. */
public final class Traffic {

    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder messagesReceived = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final ConcurrentMap<Ending, LongAdder> endings = new ConcurrentHashMap<>();
    private final List<SentCount> sent = new CopyOnWriteArrayList<>();

    Traffic() {}

    /** The counter for one more event loop. */
    SentCount newSentCount() {
        SentCount count = new SentCount();
        sent.add(count);
        return count;
    }

    void countOpened() {
        opened.increment();
    }

    void countClosed(Ending ending) {
        closed.increment();
        endings.computeIfAbsent(ending, any -> new LongAdder()).increment();
    }

    void countReceived(int bytes) {
        messagesReceived.increment();
        bytesReceived.add(bytes);
    }

    void countFailed() {
        failed.increment();
    }

    /** Connections that are open now. */
    public long open() {
        return opened.sum() - closed.sum();
    }

    /** Connections that were ever opened. */
    public long opened() {
        return opened.sum();
    }

    /** Whole messages from clients. */
    public long messagesReceived() {
        return messagesReceived.sum();
    }

    /** Payload bytes of those. */
    public long bytesReceived() {
        return bytesReceived.sum();
    }

    /** Messages whose handling threw. */
    public long failed() {
        return failed.sum();
    }

    /** Frames taken for sending to a client, control frames left out. */
    public long messagesSent() {
        return sum(SentCount::frames);
    }

    /** Bytes of those, with their frame headers. */
    public long bytesSent() {
        return sum(SentCount::bytes);
    }

    /** Frames that were taken and given up, because the client did not read and its outbox was full. */
    public long dropped() {
        return sum(SentCount::dropped);
    }

    private long sum(ToLongFunction<SentCount> figure) {
        long sum = 0;
        for (SentCount each : sent) {
            sum += figure.applyAsLong(each);
        }
        return sum;
    }

    /** How connections ended, and how often. */
    public Map<Ending, Long> endings() {
        Map<Ending, Long> sums = new TreeMap<>();
        endings.forEach((ending, count) -> sums.put(ending, count.sum()));
        return sums;
    }
}

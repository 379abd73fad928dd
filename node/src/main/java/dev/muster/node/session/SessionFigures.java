package dev.muster.node.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the sessions of a node count. Any thread. */
public final class SessionFigures {

    static final String RECOVERED = "recovered";
    static final String REPLACED = "replaced";
    static final String UNAVAILABLE = "unavailable";

    /** What can become of a client that comes back. */
    public static final List<String> OUTCOMES = outcomes();

    private final LongAdder unacked = new LongAdder();
    private final LongAdder unackedBytes = new LongAdder();
    private final LongAdder resent = new LongAdder();
    private final Map<String, LongAdder> resumes = new ConcurrentHashMap<>();

    void waits(int messages, long bytes) {
        unacked.add(messages);
        unackedBytes.add(bytes);
    }

    void resent(long messages) {
        resent.add(messages);
    }

    /** A client came back: {@code recovered}, {@code replaced}, {@code unavailable}, or the code of a {@link Miss}. */
    void resumed(String outcome) {
        resumes.computeIfAbsent(outcome, key -> new LongAdder()).increment();
    }

    /** Messages that wait for an acknowledgement now. */
    public long unacked() {
        return unacked.sum();
    }

    /** Bytes of theirs; what sessions share is counted for each. */
    public long unackedBytes() {
        return unackedBytes.sum();
    }

    /** Messages sent again so far. */
    public long resent() {
        return resent.sum();
    }

    /** Returns of clients so far that had this one of the {@link #OUTCOMES}. */
    public long resumes(String outcome) {
        LongAdder count = resumes.get(outcome);
        return count == null ? 0 : count.sum();
    }

    private static List<String> outcomes() {
        List<String> all = new ArrayList<>(List.of(RECOVERED, REPLACED, UNAVAILABLE));
        for (Miss miss : List.of(Miss.EXPIRED, Miss.EPOCH_CHANGED, Miss.TRIMMED, Miss.AHEAD, Miss.LIMIT)) {
            all.add(miss.code());
        }
        return List.copyOf(all);
    }
}

package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The newest publications of one sort, oldest first. */
final class LogTail {

    private final ArrayDeque<Logged> kept = new ArrayDeque<>(4);
    private long bytes;
    private long lostThrough;

    void add(Logged logged) {
        kept.addLast(logged);
        bytes += logged.payloadBytes();
    }

    int size() {
        return kept.size();
    }

    /** Payload bytes of all that is kept. */
    long bytes() {
        return bytes;
    }

    /** The offset of the newest one that was dropped, 0 if none was. */
    long lostThrough() {
        return lostThrough;
    }

    @Nullable
    Logged oldest() {
        return kept.peekFirst();
    }

    @Nullable
    Logged newest() {
        return kept.peekLast();
    }

    Iterator<Logged> iterator() {
        return kept.iterator();
    }

    void dropOldest() {
        Logged oldest = kept.removeFirst();
        lostThrough = oldest.offset();
        bytes -= oldest.payloadBytes();
    }

    void dropThrough(long offset) {
        while (!kept.isEmpty() && kept.getFirst().offset() <= offset) {
            dropOldest();
        }
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeLong(lostThrough);
        out.writeInt(kept.size());
        for (Logged logged : kept) {
            logged.write(out);
        }
    }

    static LogTail read(ObjectDataInput in) throws IOException {
        LogTail tail = new LogTail();
        tail.lostThrough = in.readLong();
        for (int left = in.readInt(); left > 0; left--) {
            tail.add(Logged.read(in));
        }
        return tail;
    }
}

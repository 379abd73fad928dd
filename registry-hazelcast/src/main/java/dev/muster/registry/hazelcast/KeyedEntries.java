package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.muster.registry.Draft.EntryChange;
import dev.muster.registry.Position;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A group's keyed entries, sorted, so that a page can go on behind the last key of the one before. */
final class KeyedEntries {

    /** Most entries of one page of a snapshot. */
    private static final int PAGE = 200;

    /** A page ends after the entry that brings it to this many bytes of values. */
    private static final int PAGE_BYTES = 256 * 1024;

    /** A value is the last bytes of a publication's body, which the log keeps anyway for a while. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Value(byte[] body, int payloadBytes, Position revision) {}

    private final TreeMap<String, Value> byKey = new TreeMap<>();

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    /** Whether the entry is at the revision that a change expects (R17). */
    boolean agrees(String key, @Nullable Position expected) {
        if (expected == null) {
            return true;
        }
        Value present = byKey.get(key);
        return present == null ? expected.equals(EntryChange.ABSENT) : expected.equals(present.revision);
    }

    void put(String key, byte[] body, int payloadBytes, Position revision) {
        byKey.put(key, new Value(body, payloadBytes, revision));
    }

    void remove(String key) {
        byKey.remove(key);
    }

    /** The page behind {@code lastKey}, or the first. */
    SnapshotAnswer page(Position base, @Nullable String lastKey) {
        NavigableMap<String, Value> rest = lastKey == null ? byKey : byKey.tailMap(lastKey, false);
        SnapshotAnswer page = new SnapshotAnswer(base);
        long bytes = 0;
        for (Map.Entry<String, Value> entry : rest.entrySet()) {
            if (page.size() == PAGE || bytes >= PAGE_BYTES) {
                page.endEarly();
                return page;
            }
            Value value = entry.getValue();
            page.add(entry.getKey(), value.body, value.payloadBytes, value.revision);
            bytes += value.payloadBytes;
        }
        return page;
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeInt(byKey.size());
        for (Map.Entry<String, Value> entry : byKey.entrySet()) {
            out.writeString(entry.getKey());
            out.writeByteArray(entry.getValue().body);
            out.writeInt(entry.getValue().payloadBytes);
            Wire.position(out, entry.getValue().revision);
        }
    }

    static KeyedEntries read(ObjectDataInput in) throws IOException {
        KeyedEntries entries = new KeyedEntries();
        for (int left = in.readInt(); left > 0; left--) {
            entries.put(Wire.string(in), Wire.bytes(in), in.readInt(), Wire.position(in));
        }
        return entries;
    }
}

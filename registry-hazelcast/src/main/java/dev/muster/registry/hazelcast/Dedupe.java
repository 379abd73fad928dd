package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The message ids of a group. Two windows used in turn: the older is thrown away whole once every id in it is past its
 * time, so that forgetting costs nothing per id.
 */
final class Dedupe {

    /** Ids in one window. A group with more of them in its time remembers the newest only: memory stays bounded. */
    private static final int MAX_PER_WINDOW = 65_536;

    /** What became of a message id. */
    record Seen(Position position, long fingerprint, long at) {}

    private Map<String, Seen> newer = new HashMap<>();
    private Map<String, Seen> older = new HashMap<>();
    private long startedAt;
    private long newestAt;

    Dedupe(long now) {
        startedAt = now;
        newestAt = now;
    }

    /** What the id became within the last {@code window} ms; null if it is new. */
    @Nullable
    Seen find(String messageId, long window, long now) {
        Seen seen = newer.get(messageId);
        if (seen == null) {
            seen = older.get(messageId);
        }
        return seen == null || now - seen.at() >= window ? null : seen;
    }

    void add(String messageId, Seen seen, long window) {
        if (seen.at() - startedAt >= window || newer.size() >= MAX_PER_WINDOW) {
            older = newer;
            newer = new HashMap<>();
            startedAt = seen.at();
        }
        newer.put(messageId, seen);
        newestAt = seen.at();
    }

    boolean expired(long window, long now) {
        return now - newestAt >= window;
    }

    /** 64 bits of what a draft says (FNV-1a over kind, key, content type and payload): other bytes, other bits. */
    @SuppressWarnings("EnumOrdinal") // mixed into a hash that lives for minutes
    static long fingerprint(Draft draft) {
        long hash = mix(0xcbf29ce484222325L, draft.kind().ordinal());
        hash = mix(hash, draft.contentType().ordinal());
        Draft.EntryChange change = draft.change();
        if (change != null) {
            for (int i = 0; i < change.key().length(); i++) {
                hash = mix(hash, change.key().charAt(i));
            }
        }
        Buffer payload = draft.payload();
        for (int i = 0; i < payload.length(); i++) {
            hash = mix(hash, payload.getByte(i));
        }
        return hash;
    }

    private static long mix(long hash, int value) {
        return (hash ^ value) * 0x100000001b3L;
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeLong(startedAt);
        out.writeLong(newestAt);
        write(out, newer);
        write(out, older);
    }

    private static void write(ObjectDataOutput out, Map<String, Seen> window) throws IOException {
        out.writeInt(window.size());
        for (Map.Entry<String, Seen> entry : window.entrySet()) {
            out.writeString(entry.getKey());
            Wire.position(out, entry.getValue().position());
            out.writeLong(entry.getValue().fingerprint());
            out.writeLong(entry.getValue().at());
        }
    }

    static Dedupe read(ObjectDataInput in) throws IOException {
        Dedupe dedupe = new Dedupe(0);
        dedupe.startedAt = in.readLong();
        dedupe.newestAt = in.readLong();
        dedupe.newer = readWindow(in);
        dedupe.older = readWindow(in);
        return dedupe;
    }

    private static Map<String, Seen> readWindow(ObjectDataInput in) throws IOException {
        int size = in.readInt();
        Map<String, Seen> window = new HashMap<>();
        for (int i = 0; i < size; i++) {
            window.put(Wire.string(in), new Seen(Wire.position(in), in.readLong(), in.readLong()));
        }
        return window;
    }
}

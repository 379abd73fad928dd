package dev.muster.registry.mock;

import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The message ids of a group. Two windows used in turn: the older is thrown away whole once every id in it is past
 * its time, so that forgetting costs nothing per id.
 */
final class Dedupe {

    /** Ids in one window. A group with more of them in its time remembers the newest only: memory stays bounded. */
    static final int MAX_PER_WINDOW = 65_536;

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

    Dedupe(Dedupe other) {
        newer = new HashMap<>(other.newer);
        older = new HashMap<>(other.older);
        startedAt = other.startedAt;
        newestAt = other.newestAt;
    }

    /** What the id became within the last {@code window}; null if it is new. */
    @Nullable
    Seen find(String messageId, Duration window, long now) {
        Seen seen = newer.get(messageId);
        if (seen == null) {
            seen = older.get(messageId);
        }
        return seen == null || now - seen.at() >= window.toNanos() ? null : seen;
    }

    void add(String messageId, Seen seen, Duration window) {
        if (seen.at() - startedAt >= window.toNanos() || newer.size() >= MAX_PER_WINDOW) {
            older = newer;
            newer = new HashMap<>();
            startedAt = seen.at();
        }
        newer.put(messageId, seen);
        newestAt = seen.at();
    }

    boolean expired(Duration window, long now) {
        return now - newestAt >= window.toNanos();
    }

    /** 64 bits of what a draft says (FNV-1a over kind, key, content type and payload): other bytes, other bits. */
    static long fingerprint(Draft draft) {
        long hash = 0xcbf29ce484222325L;
        hash = mix(hash, draft.kind().name().hashCode());
        hash = mix(hash, draft.contentType().name().hashCode());
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
}

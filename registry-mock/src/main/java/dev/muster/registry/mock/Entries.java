package dev.muster.registry.mock;

import dev.muster.registry.Draft.EntryChange;
import dev.muster.registry.Position;
import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.SnapshotPage;
import dev.muster.registry.SnapshotPage.Entry;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A group's keyed entries, sorted, so that a page can go on behind the last key of the one before. */
final class Entries {

    /** Most entries of one page of a snapshot. */
    static final int PAGE = 200;

    /** A page ends after the entry that brings it to this many bytes of values. */
    static final int PAGE_BYTES = 256 * 1024;

    private final TreeMap<String, Entry> byKey;

    Entries() {
        byKey = new TreeMap<>();
    }

    Entries(Entries other) {
        byKey = new TreeMap<>(other.byKey);
    }

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    int size() {
        return byKey.size();
    }

    /** Fails with CONFLICT if the entry is not at the revision that the change expects (R17). */
    void check(EntryChange change) {
        Position expected = change.expected();
        if (expected == null) {
            return;
        }
        Entry present = byKey.get(change.key());
        boolean agrees = present == null
                ? expected.equals(EntryChange.ABSENT)
                : present.revision().equals(expected);
        if (!agrees) {
            throw new RegistryException(
                    Reason.CONFLICT,
                    "the entry is " + (present == null ? "absent" : "at revision " + present.revision())
                            + ", but expected was " + expected);
        }
    }

    void apply(EntryChange change, Buffer value, Position revision) {
        if (change.remove()) {
            byKey.remove(change.key());
        } else {
            byKey.put(change.key(), new Entry(change.key(), value, revision));
        }
    }

    /** The page behind {@code lastKey}, or the first. */
    SnapshotPage page(Position base, @Nullable String lastKey) {
        NavigableMap<String, Entry> rest = lastKey == null ? byKey : byKey.tailMap(lastKey, false);
        List<Entry> page = new ArrayList<>();
        long bytes = 0;
        for (Entry entry : rest.values()) {
            if (page.size() == PAGE || bytes >= PAGE_BYTES) {
                Cursor next = new Cursor(base, page.get(page.size() - 1).key());
                return new SnapshotPage(base, page, next.toString());
            }
            page.add(entry);
            bytes += entry.value().length();
        }
        return new SnapshotPage(base, page, null);
    }

    /** Where a snapshot goes on: {@code base/last key}; a position holds no slash. */
    record Cursor(Position base, String lastKey) {

        static Cursor parse(String text) {
            int colon = text.indexOf(':');
            int slash = text.indexOf('/', colon + 1);
            if (colon < 1 || slash < 0) {
                throw new IllegalArgumentException("cursor was not handed out by a snapshot");
            }
            return new Cursor(Position.parse(text.substring(0, slash)), text.substring(slash + 1));
        }

        @Override
        public String toString() {
            return base + "/" + lastKey;
        }
    }
}

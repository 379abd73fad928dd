package dev.muster.registry;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a group's keyed entries.
 *
 * <p>All pages, then the publications after {@code base}, ignoring per key whatever is not newer than what one has,
 * equal the entries at any later time (R17).
 *
 * @param base from where to read on: the head when the first page was made; the same on every page of one snapshot
 * @param entries this page's, in no particular order
 * @param next for the next page, opaque; null when this is the last
 */
public record SnapshotPage(
        Position base, List<Entry> entries, @Nullable String next) {

    /**
     * A keyed entry.
     *
     * @param key its key
     * @param value the payload of its last PUT
     * @param revision the position of that PUT
     */
    public record Entry(String key, Buffer value, Position revision) {}

    public SnapshotPage {
        entries = List.copyOf(entries);
    }
}

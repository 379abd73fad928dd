package dev.muster.registry.redis;

import dev.muster.registry.Limits;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cursors of listings. Opaque to callers; one that was not made here is a programmer's error. */
final class Cursors {

    /**
     * Where a scan over all buckets is.
     *
     * @param cursor the server's; valid as long as the server process lives
     */
    record Scan(int bucket, String cursor) {}

    private Cursors() {}

    static long number(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException notOurs) {
            throw foreign(cursor);
        }
    }

    /** Where to go on: at the start of the bucket if the server was replaced since (seen twice is allowed). */
    static Scan scan(@Nullable String cursor, List<byte[]> generations) {
        if (cursor == null) {
            return new Scan(0, "0");
        }
        String[] parts = cursor.split("/", -1);
        if (parts.length != 3 || !parts[0].matches("\\d{1,3}") || !parts[2].matches("\\d{1,20}")) {
            throw foreign(cursor);
        }
        int bucket = Integer.parseInt(parts[0]);
        if (bucket >= generations.size()) {
            return new Scan(0, "0");
        }
        boolean same = parts[1].equals(HexFormat.of().formatHex(generations.get(bucket)));
        return new Scan(bucket, same ? parts[2] : "0");
    }

    /** The cursor after {@code at}; null if that was the end. */
    static @Nullable String next(Scan at, String serverCursor, List<byte[]> generations) {
        int bucket = at.bucket();
        if (serverCursor.equals("0")) {
            bucket++;
        }
        if (bucket >= generations.size()) {
            return null;
        }
        return bucket + "/" + HexFormat.of().formatHex(generations.get(bucket)) + "/" + serverCursor;
    }

    static IllegalArgumentException foreign(String cursor) {
        return new IllegalArgumentException(
                "cursor must be one that the page before gave, but is \"" + Limits.shown(cursor) + "\"");
    }
}

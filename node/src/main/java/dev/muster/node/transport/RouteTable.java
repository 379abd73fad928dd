package dev.muster.node.transport;

import dev.muster.node.connection.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which paths are what, in the order in which they are tried: the first that fits decides. Matched on the path as sent,
 * before percent-decoding, so that an encoded slash never makes two segments of one name.
 */
public final class RouteTable {

    /** What a path is for. */
    enum Kind {
        /** A WebSocket and nothing else. */
        SOCKET,
        /** A WebSocket when an upgrade is asked for, else a plain request. */
        SOCKET_OR_PLAIN,
        /** Plain requests only: an upgrade is refused with 400. */
        PLAIN,
        /** Nothing, though a later pattern would fit: 404. */
        ABSENT
    }

    /**
     * @param route null for kinds without a WebSocket
     */
    record Entry(Kind kind, PathPattern pattern, @Nullable Route route) {

        /** The route of an entry that is known to have one. */
        Route socket() {
            return Objects.requireNonNull(route, "route");
        }
    }

    private final List<Entry> entries;

    private RouteTable(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** An empty table. */
    public static Builder builder() {
        return new Builder();
    }

    /** The first entry that fits {@code path}, or null if none does. */
    @Nullable
    Entry find(String path) {
        String[] segments = PathPattern.split(path);
        for (Entry entry : entries) {
            if (entry.pattern.matches(segments)) {
                return entry;
            }
        }
        return null;
    }

    /** Takes entries in the order in which they are to be tried. */
    public static final class Builder {

        private final List<Entry> entries = new ArrayList<>();

        private Builder() {}

        /** A path that is a WebSocket; a plain GET of it is answered with 400, other methods with 405. */
        public Builder socket(Route route) {
            return add(Kind.SOCKET, route.pattern(), route);
        }

        /** Every path that no earlier entry fits is a WebSocket; parameters it has none. */
        public Builder everywhere(Route route) {
            entries.add(new Entry(Kind.SOCKET, PathPattern.ANY, route));
            return this;
        }

        /** A path that is a WebSocket when an upgrade is asked for, and a plain request otherwise. */
        public Builder socketOrPlain(Route route) {
            return add(Kind.SOCKET_OR_PLAIN, route.pattern(), route);
        }

        /** A path that only takes plain requests, for which the listener's request handler answers. */
        public Builder plain(String pattern) {
            return add(Kind.PLAIN, pattern, null);
        }

        /** A path that is nothing, although one that is added later would fit: 404. */
        public Builder absent(String pattern) {
            return add(Kind.ABSENT, pattern, null);
        }

        private Builder add(Kind kind, String pattern, @Nullable Route route) {
            entries.add(new Entry(kind, new PathPattern(pattern), route));
            return this;
        }

        /** The table. */
        public RouteTable build() {
            return new RouteTable(entries);
        }
    }
}

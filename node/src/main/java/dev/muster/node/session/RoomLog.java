package dev.muster.node.session;

import dev.muster.node.room.RoomEvent;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Slice;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads parts of a room's log, all or nothing. */
final class RoomLog {

    private static final int PAGE = 500;

    private final ConnectionRegistry registry;

    RoomLog(ConnectionRegistry registry) {
        this.registry = registry;
    }

    /**
     * How much is read.
     *
     * @param memberships whether joins and leaves belong to it
     * @param maxEvents over so many events it is {@link Miss#LIMIT}
     * @param maxBytes over so many bytes as well
     */
    record Extent(boolean memberships, int maxEvents, long maxBytes) {}

    /**
     * Everything after a position.
     *
     * @param until inclusive; null for the head, as it is when the first page is read
     */
    Future<Recall> after(String room, Position after, @Nullable Position until, Extent extent) {
        return new Reading(room, after, until, extent).next(after);
    }

    /** What is left of the messages after a position, up to another; {@link Miss#TRIMMED} only says that some are gone. */
    Future<Recall> tail(String room, Position after, Position until) {
        Extent all = new Extent(false, Integer.MAX_VALUE, Long.MAX_VALUE);
        return new Reading(room, after, until, all).left(after);
    }

    private final class Reading {
        private final String room;
        private final Position from;
        private final Extent extent;
        private final List<RoomEvent> events = new ArrayList<>();
        private long until;
        private long bytes;

        Reading(String room, Position from, @Nullable Position until, Extent extent) {
            this.room = room;
            this.from = from;
            this.until = until == null ? -1 : until.offset();
            this.extent = extent;
        }

        Future<Recall> next(Position after) {
            return registry.read(room, after, PAGE).compose(slice -> {
                Miss miss = take(slice);
                if (miss != null) {
                    return Future.succeededFuture(Recall.missed(slice.head(), miss));
                }
                boolean done = !slice.hasMore() || slice.through().offset() >= until;
                return done
                        ? Future.succeededFuture(new Recall(events, from, slice.through(), null))
                        : next(slice.through());
            });
        }

        Future<Recall> left(Position after) {
            return registry.read(room, after, PAGE).compose(slice -> {
                boolean trimmed = slice.messages() == Slice.Completeness.TRIMMED;
                if (slice.messages() != Slice.Completeness.COMPLETE && !trimmed) {
                    return Future.succeededFuture(Recall.missed(slice.head(), Miss.of(slice.messages())));
                }
                keep(slice);
                boolean done = !slice.hasMore() || slice.through().offset() >= until;
                return done
                        ? Future.succeededFuture(
                                new Recall(events, from, slice.through(), trimmed ? Miss.TRIMMED : null))
                        : left(slice.through());
            });
        }

        private @Nullable Miss take(Slice slice) {
            if (slice.messages() != Slice.Completeness.COMPLETE) {
                return Miss.of(slice.messages());
            }
            if (extent.memberships && slice.memberships() != Slice.Completeness.COMPLETE) {
                return Miss.of(slice.memberships());
            }
            if (until < 0) {
                until = slice.head().offset();
            }
            keep(slice);
            return events.size() > extent.maxEvents || bytes > extent.maxBytes ? Miss.LIMIT : null;
        }

        private void keep(Slice slice) {
            for (Publication publication : slice.publications()) {
                Position at = publication.position();
                RoomEvent event = RoomEvent.of(publication);
                boolean wanted = extent.memberships || !publication.kind().isMembership();
                if (event != null && at != null && at.offset() <= until && wanted) {
                    events.add(event);
                    bytes += publication.payload().length();
                }
            }
        }
    }
}

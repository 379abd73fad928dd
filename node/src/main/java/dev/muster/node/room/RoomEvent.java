package dev.muster.node.room;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ContentType;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Slice;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Something that happened in a room, in no protocol's form. */
public sealed interface RoomEvent {

    /** Where in the room's log; null if it stands outside the order. */
    @Nullable
    Position position();

    /** The connection it comes from or is about; null if there is none. */
    default @Nullable String origin() {
        return null;
    }

    /** Bytes it keeps in memory, about. */
    default int weight() {
        return 256;
    }

    /**
     * Somebody said something.
     *
     * @param publication as the registry brought it
     */
    record Message(Publication publication) implements RoomEvent {

        /** The header that holds {@link #form()}. */
        public static final String FORM = "k";

        @Override
        public @Nullable Position position() {
            return publication.position();
        }

        @Override
        public @Nullable String origin() {
            return publication.sender();
        }

        @Override
        public int weight() {
            return 256 + publication.payload().length();
        }

        /** Unique in the room, the same on every node; for a fast message, which has no place in a log, null. */
        public @Nullable String id() {
            Position position = publication.position();
            return position == null ? null : position.epoch() + "-" + position.offset();
        }

        /** Who said it; null for the server itself. */
        public @Nullable Sender sender() {
            return Sender.of(publication);
        }

        /** What other people see as its author. */
        public String author() {
            Sender sender = sender();
            return sender == null ? "server" : sender.displayName();
        }

        /** What the payload is. */
        public ContentType contentType() {
            return publication.contentType();
        }

        /** Never to be modified, it is shared. */
        public Buffer payload() {
            return publication.payload();
        }

        /** What the sender's protocol says of the payload, in its own words; null if there is nothing to say. */
        public @Nullable String form() {
            return publication.headers().get(FORM);
        }

        /** ms since 1970, by the registry's clock. */
        public long timestamp() {
            return publication.timestamp();
        }
    }

    /**
     * A connection became a member.
     *
     * @param member its record of the join
     * @param position where in the log
     * @param timestamp ms since 1970, by the registry's clock
     * @param eldest who has been a member longest now; null if nobody here wants to know, or if it is not known yet
     */
    record Joined(
            ConnectionRecord member,
            Position position,
            long timestamp,
            @Nullable ConnectionRecord eldest) implements RoomEvent {

        /** Without the eldest. */
        public Joined(ConnectionRecord member, Position position, long timestamp) {
            this(member, position, timestamp, null);
        }

        @Override
        public String origin() {
            return member.connectionId();
        }
    }

    /**
     * A connection ceased to be a member.
     *
     * @param member its record of the join
     * @param position where in the log
     * @param timestamp ms since 1970, by the registry's clock
     * @param eldest who has been a member longest now; null if nobody is, nobody here wants to know, or it is not known
     *     yet
     */
    record Left(
            ConnectionRecord member,
            Position position,
            long timestamp,
            @Nullable ConnectionRecord eldest) implements RoomEvent {

        /** Without the eldest. */
        public Left(ConnectionRecord member, Position position, long timestamp) {
            this(member, position, timestamp, null);
        }

        @Override
        public String origin() {
            return member.connectionId();
        }
    }

    /**
     * Events were lost and cannot be brought any more; what comes next is after {@code position}.
     *
     * @param position where the feed goes on
     * @param why what the log said
     */
    record Reset(Position position, Slice.Completeness why) implements RoomEvent {}

    /**
     * The member who has been in the room longest is not who was said to be. Only after changes of membership were lost
     * or came too fast to follow; otherwise {@link Joined} and {@link Left} tell.
     *
     * @param member who it is
     * @param timestamp ms since 1970, by this node's clock
     */
    record EldestCorrected(ConnectionRecord member, long timestamp) implements RoomEvent {
        @Override
        public @Nullable Position position() {
            return null;
        }
    }

    /** Changes of membership were lost, and nothing else: whoever keeps a list of members reads it again. */
    record MembersReset() implements RoomEvent {
        @Override
        public @Nullable Position position() {
            return null;
        }
    }

    /** The event a publication is; null for a change of an entry, which is no event of a room. */
    static @Nullable RoomEvent of(Publication publication) {
        return switch (publication.kind()) {
            case MESSAGE -> new Message(publication);
            case JOINED, LEFT -> ofMember(publication);
            case PUT, REMOVE -> null;
        };
    }

    private static RoomEvent ofMember(Publication publication) {
        ConnectionRecord member = publication.member();
        Position position = publication.position();
        if (member == null || position == null) {
            throw new IllegalArgumentException(publication.kind() + " without a record or a position");
        }
        return publication.kind() == Publication.Kind.JOINED
                ? new Joined(member, position, publication.timestamp())
                : new Left(member, position, publication.timestamp());
    }
}

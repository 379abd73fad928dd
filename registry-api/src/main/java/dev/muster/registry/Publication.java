package dev.muster.registry;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a group.
 *
 * @param kind what
 * @param position where in the group's log; null exactly for a {@code fast} publication, which is in no log (R15)
 * @param timestamp when the registry accepted it, ms since 1970 by the registry's clock
 * @param sender the connection that said it; the member concerned for JOINED and LEFT; null for the server itself
 * @param contentType what the payload is
 * @param payload empty for REMOVE, JOINED, LEFT; never to be modified, it is shared
 * @param headers as published
 * @param key the entry changed by a PUT or REMOVE, else null
 * @param member the record of the join, for JOINED and LEFT (R09), else null
 */
public record Publication(
        Kind kind,
        @Nullable Position position,
        long timestamp,
        @Nullable String sender,
        ContentType contentType,
        Buffer payload,
        Map<String, String> headers,
        @Nullable String key,
        @Nullable ConnectionRecord member) {

    /** What happened. */
    public enum Kind {
        /** Somebody said something. */
        MESSAGE,
        /** A keyed entry was set. */
        PUT,
        /** A keyed entry was removed. */
        REMOVE,
        /** A connection became a member. */
        JOINED,
        /** A connection ceased to be a member. */
        LEFT;

        /** Whether it tells of membership; such publications are kept apart from messages (R09). */
        public boolean isMembership() {
            return this == JOINED || this == LEFT;
        }
    }

    public Publication {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(headers, "headers");
        if (kind.isMembership() != (member != null)) {
            throw new IllegalArgumentException("JOINED and LEFT carry a record, and nothing else does: " + kind);
        }
        if (position == null && kind != Kind.MESSAGE) {
            throw new IllegalArgumentException(kind + " always has a position");
        }
    }

    /** What becomes of {@code draft} once the registry accepted it; {@code position} is null for a fast one. */
    public static Publication of(Draft draft, @Nullable Position position, long timestamp) {
        Draft.EntryChange change = draft.change();
        return new Publication(
                draft.kind(),
                position,
                timestamp,
                draft.sender(),
                draft.contentType(),
                draft.payload(),
                draft.headers(),
                change == null ? null : change.key(),
                null);
    }

    /** A change of membership; {@code kind} is JOINED or LEFT. */
    public static Publication ofMember(Kind kind, ConnectionRecord member, Position position, long timestamp) {
        return new Publication(
                kind,
                position,
                timestamp,
                member.connectionId(),
                ContentType.BINARY,
                Buffer.buffer(),
                Map.of(),
                null,
                member);
    }

    /** Whether it is unsequenced: no position, at most once. */
    public boolean fast() {
        return position == null;
    }
}

package dev.muster.registry;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A publication before it has a position. Immutable, but for the payload, which belongs to the registry once handed
 * over and must not be modified.
 *
 * @param sender the connection that says it, or null for the server itself
 * @param contentType what the payload is
 * @param payload may be empty
 * @param headers small facts about the message for the receiving nodes, at most {@link Limits#MAX_HEADER_BYTES}
 * @param fast unsequenced: no position, no log, at most once (R15)
 * @param messageId unique in the group: the same id again within the dedupe window is not published twice. Ids of
 *     different senders must not collide; prefix them
 * @param change what it does to the group's keyed entries, or null for a plain message
 */
public record Draft(
        @Nullable String sender,
        ContentType contentType,
        Buffer payload,
        Map<String, String> headers,
        boolean fast,
        @Nullable String messageId,
        @Nullable EntryChange change) {

    /**
     * A change of one keyed entry, applied in the same step that appends the publication (R17).
     *
     * @param key the entry, at most {@link Limits#MAX_KEY_BYTES}
     * @param remove true to remove the entry, false to put the draft's payload as its value
     * @param expected null to apply unconditionally; {@link #ABSENT} if the entry must not exist; else the position of
     *     the entry's last change. If it differs the publish fails with CONFLICT
     */
    public record EntryChange(
            String key, boolean remove, @Nullable Position expected) {

        /** As an expected revision: the entry must not exist. */
        public static final Position ABSENT = new Position("absent", 0);

        public EntryChange {
            Limits.key(key);
        }
    }

    public Draft {
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(payload, "payload");
        if (sender != null) {
            Limits.connectionId(sender);
        }
        if (fast && (change != null || messageId != null)) {
            throw new IllegalArgumentException(
                    "a fast draft has no position, so it takes neither a key nor a message id");
        }
        if (messageId != null && (messageId.isEmpty() || messageId.length() > Limits.MAX_MESSAGE_ID)) {
            throw new IllegalArgumentException(
                    "messageId must have 1 to " + Limits.MAX_MESSAGE_ID + " characters, but has " + messageId.length());
        }
        headers = Map.copyOf(headers);
        int headerBytes = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            headerBytes += header.getKey().getBytes(StandardCharsets.UTF_8).length;
            headerBytes += header.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        if (headerBytes > Limits.MAX_HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "headers must have at most " + Limits.MAX_HEADER_BYTES + " bytes, but have " + headerBytes);
        }
    }

    /** A text message. */
    public static Draft text(@Nullable String sender, String text) {
        return new Draft(sender, ContentType.TEXT, Buffer.buffer(text), Map.of(), false, null, null);
    }

    /** A binary message. */
    public static Draft binary(@Nullable String sender, Buffer bytes) {
        return new Draft(sender, ContentType.BINARY, bytes, Map.of(), false, null, null);
    }

    /** Sets the entry {@code key} to {@code value}. */
    public static Draft put(String key, Buffer value) {
        EntryChange change = new EntryChange(key, false, null);
        return new Draft(null, ContentType.BINARY, value, Map.of(), false, null, change);
    }

    /** Removes the entry {@code key}. Removing what is not there is a publication all the same. */
    public static Draft remove(String key) {
        EntryChange change = new EntryChange(key, true, null);
        return new Draft(null, ContentType.BINARY, Buffer.buffer(), Map.of(), false, null, change);
    }

    /** The same with these headers. */
    public Draft withHeaders(Map<String, String> headers) {
        return new Draft(sender, contentType, payload, headers, fast, messageId, change);
    }

    /** The same with this message id. */
    public Draft withMessageId(String messageId) {
        return new Draft(sender, contentType, payload, headers, fast, messageId, change);
    }

    /** The same, unsequenced. */
    public Draft asFast() {
        return new Draft(sender, contentType, payload, headers, true, messageId, change);
    }

    /** The same change, only if the entry's revision is {@code revision}; {@link EntryChange#ABSENT} if it must not exist. */
    public Draft expecting(Position revision) {
        if (change == null) {
            throw new IllegalStateException("only a draft with a key has an expected revision");
        }
        EntryChange expecting = new EntryChange(change.key(), change.remove(), revision);
        return new Draft(sender, contentType, payload, headers, fast, messageId, expecting);
    }

    /** What kind of publication this becomes. */
    public Publication.Kind kind() {
        if (change == null) {
            return Publication.Kind.MESSAGE;
        }
        return change.remove() ? Publication.Kind.REMOVE : Publication.Kind.PUT;
    }
}

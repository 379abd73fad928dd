package dev.muster.node.event;

import dev.muster.node.connection.Connection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event that a client published, read and checked.
 *
 * @param event what was published
 * @param channel its name
 * @param messageId what the client calls it; null if it gave no name
 * @param attributes what the client says about it: text, numbers, booleans, lists and maps of these, or null
 * @param connection who published it
 * @param room where that connection is
 * @param <E> the record
 */
public record Received<E extends Record>(
        E event,
        String channel,
        @Nullable String messageId,
        Map<String, @Nullable Object> attributes,
        Connection connection,
        String room) {}

package dev.muster.node.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.connection.Message;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * {@code {"type":"ACK","id":7}}: the client has every message up to 7.
 *
 * @param id the number; -1 if there is none that a message could have
 */
public record AckFrame(long id) {

    /** An acknowledgement is not longer, whatever white space it has. */
    private static final int MAX_LENGTH = 256;

    private static final byte[] QUOTED = Glance.quoted("ACK");

    /** Whether it may be one: a guess. */
    public static boolean isLikely(Message message) {
        return message.payload().length() <= MAX_LENGTH && Glance.at(message, QUOTED, MAX_LENGTH);
    }

    /** The acknowledgement that {@code message} is; null if it is something else. */
    public static @Nullable AckFrame of(Message message) {
        if (!isLikely(message)) {
            return null;
        }
        try (JsonParser parser = Json.FACTORY.createParser(message.payload().getBytes())) {
            return of(parser);
        } catch (IOException malformed) {
            return null;
        }
    }

    private static @Nullable AckFrame of(JsonParser parser) throws IOException {
        boolean isAck = false;
        long id = -1;
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("type")) {
                isAck = value == JsonToken.VALUE_STRING && parser.getText().equals("ACK");
            } else if (name.equals("id")) {
                id = number(parser, value);
            }
            parser.skipChildren();
        }
        return isAck && parser.nextToken() == null ? new AckFrame(id) : null;
    }

    private static long number(JsonParser parser, @Nullable JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_NUMBER_INT || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            return -1;
        }
        return Math.max(-1, parser.getLongValue());
    }
}

package dev.muster.node.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.connection.Message;
import io.vertx.core.buffer.Buffer;
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

    /** Whether it may be one, by its first bytes: a guess that costs nothing for other frames. */
    public static boolean isLikely(Message message) {
        Buffer payload = message.payload();
        return message.isText()
                && payload.length() <= MAX_LENGTH
                && payload.length() > 1
                && payload.getByte(0) == '{'
                && payload.toString().contains("\"ACK\"");
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

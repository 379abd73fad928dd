package dev.muster.node.protocol.relay;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.muster.node.protocol.Json;
import dev.muster.node.protocol.TokenFrames;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** What a text frame from a relay's client is. */
enum RelayFrame {
    /** Text for everybody. */
    TEXT,
    /** A JSON object that carries a text for everybody. */
    CHAT_OBJECT,
    /** Another JSON object: for relay members only. */
    OBJECT,
    /** A newer token: for nobody else. */
    AUTH,
    /** Looks like a frame that only the server sends. */
    FORBIDDEN,
    /** A JSON object beyond the parser's limits on depth, names or numbers. */
    EXCESSIVE;

    /**
     * Looks at a frame. Most are no JSON object, which their first character tells; the others are read once, without
     * building anything.
     */
    static RelayFrame of(Buffer frame) {
        int start = firstCharacter(frame);
        if (start < 0 || frame.getByte(start) != '{') {
            return TEXT;
        }
        try (JsonParser parser = Json.FACTORY.createParser(frame.getBytes())) {
            return ofObject(parser);
        } catch (StreamConstraintsException beyondLimits) {
            return EXCESSIVE;
        } catch (JsonProcessingException notJson) {
            return TEXT;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static int firstCharacter(Buffer frame) {
        for (int i = 0; i < frame.length(); i++) {
            byte next = frame.getByte(i);
            if (next != ' ' && next != '\t' && next != '\n' && next != '\r') {
                return i;
            }
        }
        return -1;
    }

    private static RelayFrame ofObject(JsonParser parser) throws IOException {
        boolean isChat = false;
        boolean hasText = false;
        try {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("type")) {
                    String type = value == JsonToken.VALUE_STRING ? parser.getText() : null;
                    if (TokenFrames.TYPE.equals(type)) {
                        // At once too: a token must not reach anybody, whatever is broken behind it.
                        return AUTH;
                    }
                    if (isServersOwn(type)) {
                        // At once: what follows may be broken in a way that some client's parser does not mind.
                        return FORBIDDEN;
                    }
                    isChat = "CHAT_MESSAGE".equals(type);
                } else if (name.equals("text")) {
                    hasText = value == JsonToken.VALUE_STRING;
                }
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                return TEXT;
            }
        } catch (JsonProcessingException broken) {
            if (broken instanceof StreamConstraintsException) {
                throw broken;
            }
            return TEXT;
        }
        return isChat && hasText ? CHAT_OBJECT : OBJECT;
    }

    private static boolean isServersOwn(@Nullable String type) {
        if (type == null) {
            return false;
        }
        return switch (type) {
            case "SERVER_HELLO", "ERROR", "MESSAGE", "ACK" -> true;
            default -> false;
        };
    }
}

package dev.muster.node.protocol.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.event.EventType;
import dev.muster.node.event.InvalidEvent;
import dev.muster.node.protocol.Json;
import dev.muster.node.shape.Issue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A frame from a client. Its members come in any order, so payload and attributes are remembered as pieces of the frame
 * and read once the channel says how.
 */
final class EventFrame {

    /** In UTF-16; enough for what programs call messages, and little beside what is said. */
    private static final int MAX_MESSAGE_ID = 64;

    /** What is wrong with the frame itself. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient List<Issue> issues;

        Malformed(List<Issue> issues) {
            super("malformed", null, false, false);
            this.issues = issues;
        }

        List<Issue> issues() {
            return issues;
        }
    }

    private record Piece(int start, int end) {}

    private final char[] text;
    private @Nullable String type;
    private @Nullable String channel;
    private @Nullable String messageId;
    private @Nullable String token;
    private @Nullable Piece payload;
    private @Nullable Piece attributes;

    private EventFrame(char[] text) {
        this.text = text;
    }

    /**
     * Reads a frame.
     *
     * @throws Malformed if it is no JSON object, or a member is not of its type
     */
    static EventFrame of(String frameText) throws Malformed {
        char[] text = frameText.toCharArray();
        EventFrame frame = new EventFrame(text);
        List<Issue> issues = new ArrayList<>(0);
        try (JsonParser json = Json.FACTORY.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new Malformed(List.of(new Issue("", "must be a JSON object")));
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                frame.member(json, json.currentName(), issues);
            }
            if (json.nextToken() != null) {
                throw new Malformed(List.of(new Issue("", "must be one JSON object and nothing after it")));
            }
        } catch (IOException notJson) {
            throw new Malformed(List.of(new Issue("", "must be a JSON object")));
        }
        if (!issues.isEmpty()) {
            throw new Malformed(issues);
        }
        return frame;
    }

    private void member(JsonParser json, String name, List<Issue> issues) throws IOException {
        JsonToken value = json.nextToken();
        switch (name) {
            case "type" -> type = string(json, value, name, issues);
            case "channel" -> channel = string(json, value, name, issues);
            case "token" -> token = string(json, value, name, issues);
            case "messageId" -> messageId = id(string(json, value, name, issues), name, issues);
            case "payload" -> payload = piece(json);
            case "attributes" -> {
                if (value != JsonToken.START_OBJECT && value != JsonToken.VALUE_NULL) {
                    issues.add(new Issue(name, "must be an object"));
                }
                attributes = value == JsonToken.START_OBJECT ? piece(json) : skipped(json);
            }
            default -> json.skipChildren();
        }
    }

    private static @Nullable String string(JsonParser json, JsonToken value, String name, List<Issue> issues)
            throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        if (value != JsonToken.VALUE_NULL) {
            issues.add(new Issue(name, "must be a string"));
        }
        json.skipChildren();
        return null;
    }

    /** Goes to others in frames and headers, where half of a surrogate pair could not be written. */
    private static @Nullable String id(@Nullable String given, String name, List<Issue> issues) {
        if (given == null) {
            return null;
        }
        boolean fits = !given.isEmpty() && given.length() <= MAX_MESSAGE_ID;
        if (!fits || given.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE)) {
            issues.add(new Issue(name, "must have 1 to " + MAX_MESSAGE_ID + " characters of Unicode"));
            return null;
        }
        return given;
    }

    private static Piece piece(JsonParser json) throws IOException {
        int start = (int) json.currentTokenLocation().getCharOffset();
        json.skipChildren();
        // Strings and the like are read lazily: only then is known where they end.
        json.finishToken();
        return new Piece(start, (int) json.currentLocation().getCharOffset());
    }

    private static @Nullable Piece skipped(JsonParser json) throws IOException {
        json.skipChildren();
        return null;
    }

    /** What the client wants; null if it did not say. */
    @Nullable
    String type() {
        return type;
    }

    /** About which channel; null if it did not say. */
    @Nullable
    String channel() {
        return channel;
    }

    /** What the client calls this; null if it gave no name. */
    @Nullable
    String messageId() {
        return messageId;
    }

    /** A newer token; null if there is none. */
    @Nullable
    String token() {
        return token;
    }

    /**
     * Its payload as an event.
     *
     * @throws InvalidEvent if it is not as declared
     */
    <E extends Record> E payload(EventType<E> as) {
        Piece piece = payload;
        if (piece == null) {
            throw new InvalidEvent(as.name(), List.of(new Issue("payload", "is required")));
        }
        try (JsonParser json = Json.FACTORY.createParser(text, piece.start, piece.end - piece.start)) {
            json.nextToken();
            return as.read(json);
        } catch (IOException unreadable) {
            // It was JSON when the frame was read, so only a number or a name can be beyond what is read.
            throw new InvalidEvent(as.name(), List.of(new Issue("payload", "must have usual numbers and names")));
        }
    }

    /** What the client says about it: text, numbers, booleans, lists and maps. */
    Map<String, @Nullable Object> attributes() {
        Piece piece = attributes;
        if (piece == null) {
            return Map.of();
        }
        try (JsonParser json = Json.FACTORY.createParser(text, piece.start, piece.end - piece.start)) {
            json.nextToken();
            return map(json);
        } catch (IOException unreadable) {
            throw new InvalidEvent("attributes", List.of(new Issue("attributes", "must have usual numbers and names")));
        }
    }

    private static Map<String, @Nullable Object> map(JsonParser json) throws IOException {
        Map<String, @Nullable Object> map = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            map.put(name, value(json));
        }
        return map;
    }

    /** Depth is limited by the parser. */
    private static @Nullable Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> map(json);
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json));
                }
                yield list;
            }
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }
}

package dev.muster.node.protocol.sync;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.protocol.Json;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A frame from a client, taken apart but not judged: numbers and texts as such, and values as the JSON they are, which
 * only the component that they are for can read.
 */
final class SyncFrame {

    /** A frame that is no JSON object. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** A member is not what it has to be. */
    static final class Wrong extends Exception {

        private static final long serialVersionUID = 1L;

        Wrong(String member, String must) {
            super(member + " " + must, null, false, false);
        }
    }

    /** Members that are kept as they are. */
    private static final Set<String> RAW = Set.of("value", "patch", "params", "filter");

    private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private static final String ID = "must be a whole number from 0 to 18446744073709551615";

    private final Map<String, Object> members = new HashMap<>();

    private SyncFrame() {}

    static SyncFrame of(Buffer text) throws Malformed {
        SyncFrame frame = new SyncFrame();
        try (JsonParser parser = Json.FACTORY.createParser(text.getBytes())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Malformed("a frame must be a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                frame.members.put(name, RAW.contains(name) ? raw(parser) : scalar(parser));
            }
            if (parser.nextToken() != null) {
                throw new Malformed("a frame must be one JSON object, and nothing behind it");
            }
        } catch (IOException broken) {
            throw new Malformed("a frame must be JSON");
        }
        return frame;
    }

    /** Something that no member of ours is, but that is not null. */
    private enum Other {
        STRUCTURE
    }

    private static Object scalar(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getBigIntegerValue();
        }
        if (token == JsonToken.VALUE_NULL) {
            return JsonToken.VALUE_NULL;
        }
        parser.skipChildren();
        return Other.STRUCTURE;
    }

    private static Buffer raw(JsonParser parser) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        try (JsonGenerator generator = Json.FACTORY.createGenerator(out, JsonEncoding.UTF8)) {
            generator.copyCurrentStructure(parser);
        }
        return Buffer.buffer(out.toByteArray());
    }

    /** Whether it has such a member that is not null. */
    boolean has(String member) {
        Object value = members.get(member);
        return value != null && value != JsonToken.VALUE_NULL;
    }

    /** What it is; empty if it does not say. */
    String type() {
        return members.get("type") instanceof String type ? type : "";
    }

    String text(String member) throws Wrong {
        if (members.get(member) instanceof String text) {
            return text;
        }
        throw new Wrong(member, "must be a text");
    }

    /** An unsigned number of 64 bits. */
    long id(String member) throws Wrong {
        Long id = optionalId(member);
        if (id == null) {
            throw new Wrong(member, ID);
        }
        return id;
    }

    /** The same; null if it is absent or null. */
    @Nullable
    Long optionalId(String member) throws Wrong {
        if (!has(member)) {
            return null;
        }
        if (members.get(member) instanceof BigInteger number
                && number.signum() >= 0
                && number.compareTo(LARGEST) <= 0) {
            return number.longValue();
        }
        throw new Wrong(member, ID);
    }

    /** JSON as it is; null if it is absent. */
    @Nullable
    Buffer raw(String member) {
        return members.get(member) instanceof Buffer raw ? raw : null;
    }
}

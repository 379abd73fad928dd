package dev.muster.node.sync;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import dev.muster.node.shape.Issue;
import dev.muster.node.shape.Shape;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A declared component: its name, its bincode, its JSON, its JSON Schema, and what its values have to be like. Made once
 * from the record class by reflection. Any thread. Byte arrays that come out of it are never changed by anybody.
 *
 * @param <C> the record
 */
public final class ComponentType<C extends Record> {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");
    private static final ObjectMapper TREES = new ObjectMapper();

    /** Of most components; of longer ones the buffer grows. */
    private static final int USUAL_BYTES = 64;

    private final Class<C> type;
    private final Shape shape;

    private ComponentType(Class<C> type, Shape shape) {
        this.type = type;
        this.shape = shape;
    }

    /**
     * Looks at a record class.
     *
     * @throws IllegalArgumentException if a field has a type that components do not have; names it
     */
    public static <C extends Record> ComponentType<C> of(Class<C> type) {
        if (!NAME.matcher(type.getSimpleName()).matches()) {
            throw new IllegalArgumentException(type.getName()
                    + ": a component's name has 1 to 64 letters, digits and underscores, but is \""
                    + type.getSimpleName() + "\"");
        }
        return new ComponentType<>(type, Shape.of(type));
    }

    /** The simple name of the record. */
    public String name() {
        return type.getSimpleName();
    }

    /** The record. */
    public Class<C> type() {
        return type;
    }

    // ---- bincode ----

    /**
     * The fields in order.
     *
     * @throws SyncException VALIDATION_ERROR if it is not as declared
     */
    public byte[] encode(C component) {
        validate(component);
        ByteBuf bytes = Unpooled.buffer(USUAL_BYTES);
        shape.encode(new BincodeWriter(bytes), component);
        byte[] exact = new byte[bytes.readableBytes()];
        bytes.readBytes(exact);
        return exact;
    }

    /** Encodes a component of a type that the compiler does not know. */
    byte[] encodeAny(Record component) {
        return encode(type.cast(component));
    }

    /**
     * Reads what {@link #encode} wrote. Constraints are not looked at, see {@link #validate}.
     *
     * @throws SyncException VALIDATION_ERROR if these are not the bytes of such a component
     */
    public C decode(byte[] bytes) {
        BincodeReader in = new BincodeReader(Unpooled.wrappedBuffer(bytes));
        try {
            C component = type.cast(shape.decode(in));
            in.end();
            return component;
        } catch (BincodeException malformed) {
            throw malformed(malformed);
        }
    }

    private SyncException malformed(BincodeException malformed) {
        return new SyncException(Status.VALIDATION_ERROR, name() + ": " + malformed.getMessage());
    }

    /**
     * Looks whether a component is as declared.
     *
     * @throws SyncException VALIDATION_ERROR, with the path of each field that is not
     */
    public void validate(C component) {
        List<Issue> issues = new ArrayList<>(0);
        shape.check(component, "", issues);
        refuse(issues);
    }

    private void refuse(List<Issue> issues) {
        if (!issues.isEmpty()) {
            String all = issues.stream()
                    .map(issue -> (issue.path().isEmpty() ? "" : issue.path() + " ") + issue.message())
                    .collect(Collectors.joining(", "));
            throw new SyncException(Status.VALIDATION_ERROR, name() + ": " + all);
        }
    }

    // ---- JSON ----

    /**
     * Reads and checks a component. Members that it does not have are passed over.
     *
     * @param json whose current token begins the value
     * @throws SyncException VALIDATION_ERROR if it is not as declared
     * @throws IOException if it is no JSON
     */
    public C readJson(JsonParser json) throws IOException {
        List<Issue> issues = new ArrayList<>(0);
        Object component = shape.read(json, "", issues);
        refuse(issues);
        if (component == null) {
            throw new IllegalStateException("what is not there has issues");
        }
        return type.cast(component);
    }

    /** Writes a component as an object. */
    public void writeJson(JsonGenerator json, C component) throws IOException {
        shape.write(json, component);
    }

    /**
     * Writes a component as an object straight from its bytes.
     *
     * @throws SyncException VALIDATION_ERROR if these are not the bytes of such a component; part of it may have been
     *     written
     */
    public void writeJson(JsonGenerator json, byte[] bytes) throws IOException {
        BincodeReader in = new BincodeReader(Unpooled.wrappedBuffer(bytes));
        try {
            shape.transcribe(in, json);
            in.end();
        } catch (BincodeException malformed) {
            throw malformed(malformed);
        }
    }

    /**
     * What becomes of a component by a JSON merge patch (RFC 7386): members replace, null removes, objects are merged.
     *
     * @param patch whose current token begins the patch
     * @throws SyncException VALIDATION_ERROR if the result is not as declared
     * @throws IOException if it is no JSON
     */
    public C merge(C component, JsonParser patch) throws IOException {
        JsonNode change = TREES.readTree(patch);
        if (!(change instanceof ObjectNode members)) {
            throw new SyncException(Status.VALIDATION_ERROR, name() + ": a patch must be an object");
        }
        try (TokenBuffer written = new TokenBuffer(TREES, false)) {
            writeJson(written, component);
            JsonNode merged = merge(TREES.readTree(written.asParser()), members);
            try (JsonParser parser = TREES.treeAsTokens(merged)) {
                parser.nextToken();
                return readJson(parser);
            }
        } catch (JsonProcessingException malformed) {
            throw new SyncException(Status.VALIDATION_ERROR, name() + ": a patch must be JSON");
        }
    }

    private static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode members)) {
            return patch;
        }
        ObjectNode merged = target instanceof ObjectNode object ? object : TREES.createObjectNode();
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            if (member.getValue().isNull()) {
                merged.remove(member.getKey());
            } else {
                JsonNode before = merged.path(member.getKey());
                merged.set(member.getKey(), merge(before, member.getValue()));
            }
        }
        return merged;
    }

    /** Writes its JSON Schema as an object; the properties are in the order of the bincode. */
    public void writeSchema(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("title", name());
        shape.describe(json);
        json.writeEndObject();
    }
}

package dev.muster.node.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list. */
record Items(Value item, @Nullable Length length) implements Value {

    @Override
    public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            issues.add(new Issue(path, "must be an array"));
            return null;
        }
        int before = issues.size();
        List<Object> items = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            Object read = item.read(json, path + "." + items.size(), issues);
            if (read == null) {
                // One fault is enough of a list: a long one would be answered with as many.
                skipRest(json);
                return null;
            }
            items.add(read);
        }
        Bounds.checkSize(items.size(), length, "items", path, issues);
        return issues.size() > before ? null : List.copyOf(items);
    }

    private static void skipRest(JsonParser json) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            json.skipChildren();
        }
    }

    @Override
    public void check(Object value, String path, List<Issue> issues) {
        List<?> items = (List<?>) value;
        Bounds.checkSize(items.size(), length, "items", path, issues);
        for (int i = 0; i < items.size() && issues.isEmpty(); i++) {
            item.check(items.get(i), path + "." + i, issues);
        }
    }

    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
        json.writeStartArray();
        for (Object each : (List<?>) value) {
            item.write(json, each);
        }
        json.writeEndArray();
    }

    @Override
    public void encode(BincodeWriter out, Object value) {
        List<?> items = (List<?>) value;
        out.length(items.size());
        for (Object each : items) {
            item.encode(out, each);
        }
    }

    @Override
    public Object decode(BincodeReader in) throws BincodeException {
        int count = in.length(item.leastBytes());
        List<Object> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(item.decode(in));
        }
        return List.copyOf(items);
    }

    @Override
    public void transcribe(BincodeReader in, JsonGenerator json) throws BincodeException, IOException {
        int count = in.length(item.leastBytes());
        json.writeStartArray();
        for (int i = 0; i < count; i++) {
            item.transcribe(in, json);
        }
        json.writeEndArray();
    }

    @Override
    public int leastBytes() {
        return 1;
    }

    @Override
    public void describe(JsonGenerator json) throws IOException {
        json.writeStringField("type", "array");
        Bounds.describe(json, length, "minItems", "maxItems");
        json.writeObjectFieldStart("items");
        item.describe(json);
        json.writeEndObject();
    }
}

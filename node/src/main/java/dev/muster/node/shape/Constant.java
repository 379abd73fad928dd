package dev.muster.node.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of an enum: by name, in lower case, in JSON; by its place in bincode. */
final class Constant implements Value {

    private final List<Object> constants;
    private final List<String> names = new ArrayList<>();
    private final Map<Object, Integer> places = new HashMap<>();
    private final Map<String, Object> byName = new LinkedHashMap<>();

    Constant(Class<?> type) {
        constants = List.of(type.getEnumConstants());
        for (Object constant : constants) {
            String name = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
            places.put(constant, names.size());
            names.add(name);
            if (byName.put(name, constant) != null) {
                throw new IllegalArgumentException(type.getName() + " has two constants that are both " + name);
            }
        }
        if (constants.isEmpty()) {
            throw new IllegalArgumentException(type.getName() + " is an enum without constants");
        }
    }

    @Override
    public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
        Object constant = json.currentToken() == JsonToken.VALUE_STRING ? byName.get(json.getText()) : null;
        if (constant == null) {
            json.skipChildren();
            issues.add(new Issue(path, "must be one of " + String.join(", ", names)));
        }
        return constant;
    }

    @Override
    public void check(Object value, String path, List<Issue> issues) {}

    private int place(Object constant) {
        Integer place = places.get(constant);
        if (place == null) {
            throw new IllegalArgumentException(constant + " is not of this enum");
        }
        return place;
    }

    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
        json.writeString(names.get(place(value)));
    }

    @Override
    public void encode(BincodeWriter out, Object value) {
        out.variant(place(value));
    }

    @Override
    public Object decode(BincodeReader in) throws BincodeException {
        return constants.get(in.variant(constants.size()));
    }

    @Override
    public void transcribe(BincodeReader in, JsonGenerator json) throws BincodeException, IOException {
        json.writeString(names.get(in.variant(constants.size())));
    }

    @Override
    public int leastBytes() {
        return 1;
    }

    @Override
    public void describe(JsonGenerator json) throws IOException {
        json.writeStringField("type", "string");
        json.writeArrayFieldStart("enum");
        for (String name : names) {
            json.writeString(name);
        }
        json.writeEndArray();
    }
}

package dev.muster.node.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record: an object with a member for each component in JSON, its components one after another in bincode. Made once
 * for a class, by reflection. Any thread.
 */
public final class Shape implements Value {

    /** A component that is not {@link Nullable} has to be there; one that is, is an option in bincode. */
    private record Field(String name, boolean optional, RecordComponent component, Value value) {

        @Nullable
        Object of(Object record) {
            try {
                return component.getAccessor().invoke(record);
            } catch (IllegalAccessException | InvocationTargetException failure) {
                throw new IllegalStateException("component " + name + " cannot be read", failure);
            }
        }
    }

    private final Constructor<?> constructor;
    private final List<Field> fields;
    private final Map<String, Integer> index;

    private Shape(Constructor<?> constructor, List<Field> fields) {
        this.constructor = constructor;
        this.fields = List.copyOf(fields);
        this.index = new HashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            index.put(fields.get(i).name(), i);
        }
    }

    /**
     * Looks at a record class.
     *
     * @throws IllegalArgumentException if a component has a type that cannot travel; names it
     */
    public static Shape of(Class<?> type) {
        return of(type, 0);
    }

    static Shape of(Class<?> type, int depth) {
        RecordComponent[] components = type.getRecordComponents();
        List<Field> fields = new ArrayList<>();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            types[i] = component.getType();
            component.getAccessor().setAccessible(true);
            boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            fields.add(new Field(component.getName(), optional, component, Values.of(component, depth)));
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return new Shape(constructor, fields);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("a record has its canonical constructor", impossible);
        }
    }

    // ---- JSON ----

    /**
     * Reads the record whose object the current token begins, and checks it. Members that it does not have are passed
     * over.
     *
     * @param path of the record in what is read, empty for the whole
     * @return null if {@code issues} were added
     * @throws IOException if it is no JSON
     */
    @Override
    public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            issues.add(new Issue(path, "must be an object"));
            return null;
        }
        int before = issues.size();
        Object[] values = new Object[fields.size()];
        boolean[] seen = new boolean[fields.size()];
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            Integer at = index.get(json.currentName());
            JsonToken token = json.nextToken();
            if (at == null) {
                json.skipChildren();
                continue;
            }
            Field field = fields.get(at);
            seen[at] = token != JsonToken.VALUE_NULL;
            values[at] = seen[at] ? field.value().read(json, join(path, field.name()), issues) : null;
        }
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i] && !fields.get(i).optional()) {
                issues.add(new Issue(join(path, fields.get(i).name()), "is required"));
            }
        }
        return issues.size() > before ? null : construct(values, path, issues);
    }

    @Nullable
    Object construct(Object[] values, String path, List<Issue> issues) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            // The record has rules of its own; anything but a refusal is a fault of its author.
            if (refused.getCause() instanceof IllegalArgumentException why) {
                issues.add(new Issue(path, String.valueOf(why.getMessage())));
                return null;
            }
            throw new IllegalStateException("the constructor of " + constructor.getName() + " failed", refused);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("a record can be constructed", impossible);
        }
    }

    /** Adds what is wrong with a record that was made here, or decoded. */
    @Override
    public void check(Object record, String path, List<Issue> issues) {
        for (Field field : fields) {
            Object value = field.of(record);
            if (value != null) {
                field.value().check(value, join(path, field.name()), issues);
            } else if (!field.optional()) {
                issues.add(new Issue(join(path, field.name()), "is required"));
            }
        }
    }

    @Override
    public void write(JsonGenerator json, Object record) throws IOException {
        json.writeStartObject();
        for (Field field : fields) {
            Object value = field.of(record);
            if (value != null) {
                json.writeFieldName(field.name());
                field.value().write(json, value);
            }
        }
        json.writeEndObject();
    }

    // ---- bincode ----

    @Override
    public void encode(BincodeWriter out, Object record) {
        for (Field field : fields) {
            Object value = field.of(record);
            if (field.optional()) {
                out.option(value != null);
            }
            if (value != null) {
                field.value().encode(out, value);
            } else if (!field.optional()) {
                throw new IllegalArgumentException(field.name() + " is required");
            }
        }
    }

    @Override
    public Object decode(BincodeReader in) throws BincodeException {
        Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            Field field = fields.get(i);
            if (!field.optional() || in.option()) {
                values[i] = field.value().decode(in);
            }
        }
        return construct(values);
    }

    Object construct(Object[] values) throws BincodeException {
        List<Issue> issues = new ArrayList<>(0);
        Object record = construct(values, "", issues);
        if (record == null) {
            throw new BincodeException(issues.get(0).message());
        }
        return record;
    }

    @Override
    public void transcribe(BincodeReader in, JsonGenerator json) throws BincodeException, IOException {
        json.writeStartObject();
        for (Field field : fields) {
            if (!field.optional() || in.option()) {
                json.writeFieldName(field.name());
                field.value().transcribe(in, json);
            }
        }
        json.writeEndObject();
    }

    @Override
    public int leastBytes() {
        int least = 0;
        for (Field field : fields) {
            least += field.optional() ? 1 : field.value().leastBytes();
        }
        return least;
    }

    // ---- about it ----

    /** Writes the members of its JSON Schema; properties are in the order of bincode. */
    @Override
    public void describe(JsonGenerator json) throws IOException {
        json.writeStringField("type", "object");
        json.writeObjectFieldStart("properties");
        for (Field field : fields) {
            json.writeObjectFieldStart(field.name());
            field.value().describe(json);
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeArrayFieldStart("required");
        for (Field field : fields) {
            if (!field.optional()) {
                json.writeString(field.name());
            }
        }
        json.writeEndArray();
    }

    @Nullable
    Object component(Object record, int at) {
        return fields.get(at).of(record);
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}

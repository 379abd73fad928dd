package dev.muster.node.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A record as JSON: an object with a member for each component. */
final class Shape implements Value {

    /** A component that is not {@link Nullable} has to be there. */
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

    static Shape of(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        List<Field> fields = new ArrayList<>();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            types[i] = component.getType();
            component.getAccessor().setAccessible(true);
            boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            fields.add(new Field(component.getName(), optional, component, Values.of(component)));
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return new Shape(constructor, fields);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("a record has its canonical constructor", impossible);
        }
    }

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

    private @Nullable Object construct(Object[] values, String path, List<Issue> issues) {
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

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}

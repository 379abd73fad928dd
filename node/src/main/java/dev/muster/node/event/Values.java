package dev.muster.node.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types that components of events may have. */
final class Values {

    private Values() {}

    static Value of(RecordComponent component) {
        return of(
                component.getGenericType(),
                component.getAnnotation(Length.class),
                component.getAnnotation(Range.class),
                component.getAnnotation(OneOf.class),
                component.isAnnotationPresent(OneLine.class));
    }

    private static Value of(
            Type type, @Nullable Length length, @Nullable Range range, @Nullable OneOf oneOf, boolean oneLine) {
        if (type == String.class) {
            return new Text(length, oneOf == null ? List.of() : List.of(oneOf.value()), oneLine);
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return new Items(of(list.getActualTypeArguments()[0], null, range, oneOf, oneLine), length);
        }
        if (type == boolean.class || type == Boolean.class) {
            return new Flag();
        }
        if (type == int.class || type == Integer.class) {
            return new Whole(range, Integer.MIN_VALUE, Integer.MAX_VALUE, true);
        }
        if (type == long.class || type == Long.class) {
            return new Whole(range, Long.MIN_VALUE, Long.MAX_VALUE, false);
        }
        if (type == double.class || type == Double.class) {
            return new Real(range);
        }
        if (type instanceof Class<?> record && record.isRecord()) {
            return Shape.of(record);
        }
        if (type instanceof Class<?> constants && constants.isEnum()) {
            return new Constant(constants);
        }
        throw new IllegalArgumentException("events have text, whole and decimal numbers, booleans, enums, records and"
                + " lists of these, but not " + type.getTypeName());
    }

    private static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char at = text.charAt(i);
            if (Character.isHighSurrogate(at)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(at)) {
                return false;
            }
        }
        return true;
    }

    private static void checkSize(int size, @Nullable Length length, String unit, String path, List<Issue> issues) {
        if (length == null || size >= length.min() && size <= length.max()) {
            return;
        }
        String allowed = length.max() == Integer.MAX_VALUE
                ? "at least " + length.min()
                : length.min() == 0 ? "at most " + length.max() : length.min() + " to " + length.max();
        issues.add(new Issue(path, "must have " + allowed + " " + unit + ", but has " + size));
    }

    private static void checkRange(double value, @Nullable Range range, String path, List<Issue> issues) {
        // Written so that no number at all is out of every range.
        if (range != null && !(value >= range.min() && value <= range.max())) {
            issues.add(new Issue(path, "must be from " + range.min() + " to " + range.max()));
        }
    }

    private record Text(@Nullable Length length, List<String> oneOf, boolean oneLine) implements Value {
        @Override
        public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                json.skipChildren();
                issues.add(new Issue(path, "must be a string"));
                return null;
            }
            String text = json.getText();
            check(text, path, issues);
            return text;
        }

        @Override
        public void check(Object value, String path, List<Issue> issues) {
            String text = (String) value;
            checkSize(text.codePointCount(0, text.length()), length, "characters", path, issues);
            if (!oneOf.isEmpty() && !oneOf.contains(text)) {
                issues.add(new Issue(path, "must be one of " + String.join(", ", oneOf)));
            }
            if (oneLine && (text.isBlank() || text.chars().anyMatch(Character::isISOControl))) {
                issues.add(new Issue(path, "must have no control characters, and not only spaces"));
            }
            if (!isUnicode(text)) {
                issues.add(new Issue(path, "must be Unicode: half of a surrogate pair is no character"));
            }
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeString((String) value);
        }
    }

    private record Items(Value item, @Nullable Length length) implements Value {
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
            checkSize(items.size(), length, "items", path, issues);
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
            checkSize(items.size(), length, "items", path, issues);
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
    }

    private record Flag() implements Value {
        @Override
        public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
            if (!json.currentToken().isBoolean()) {
                json.skipChildren();
                issues.add(new Issue(path, "must be true or false"));
                return null;
            }
            return json.getBooleanValue();
        }

        @Override
        public void check(Object value, String path, List<Issue> issues) {}

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeBoolean((Boolean) value);
        }
    }

    private record Whole(@Nullable Range range, long least, long greatest, boolean isInt) implements Value {
        @Override
        public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
            JsonParser.NumberType kind =
                    json.currentToken() == JsonToken.VALUE_NUMBER_INT ? json.getNumberType() : null;
            boolean fits = kind == JsonParser.NumberType.INT || kind == JsonParser.NumberType.LONG;
            if (!fits || json.getLongValue() < least || json.getLongValue() > greatest) {
                json.skipChildren();
                issues.add(new Issue(path, "must be a whole number from " + least + " to " + greatest));
                return null;
            }
            long value = json.getLongValue();
            checkRange((double) value, range, path, issues);
            return isInt ? (Object) (int) value : (Object) value;
        }

        @Override
        public void check(Object value, String path, List<Issue> issues) {
            checkRange(((Number) value).doubleValue(), range, path, issues);
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeNumber(((Number) value).longValue());
        }
    }

    private record Real(@Nullable Range range) implements Value {
        @Override
        public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
            boolean isNumber = json.currentToken().isNumeric();
            double value = isNumber ? json.getDoubleValue() : Double.NaN;
            if (!Double.isFinite(value)) {
                json.skipChildren();
                issues.add(new Issue(path, "must be a number"));
                return null;
            }
            checkRange(value, range, path, issues);
            return value;
        }

        @Override
        public void check(Object value, String path, List<Issue> issues) {
            double number = (Double) value;
            if (!Double.isFinite(number)) {
                issues.add(new Issue(path, "must be a number"));
            }
            checkRange(number, range, path, issues);
        }

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeNumber((Double) value);
        }
    }

    /** By name, in lower case on the wire. */
    private static final class Constant implements Value {
        private final Map<String, Object> byName = new LinkedHashMap<>();
        private final Map<Object, String> names = new LinkedHashMap<>();

        Constant(Class<?> type) {
            for (Object constant : type.getEnumConstants()) {
                String name = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
                byName.put(name, constant);
                names.put(constant, name);
            }
        }

        @Override
        public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
            Object constant = json.currentToken() == JsonToken.VALUE_STRING ? byName.get(json.getText()) : null;
            if (constant == null) {
                json.skipChildren();
                issues.add(new Issue(path, "must be one of " + String.join(", ", byName.keySet())));
            }
            return constant;
        }

        @Override
        public void check(Object value, String path, List<Issue> issues) {}

        @Override
        public void write(JsonGenerator json, Object value) throws IOException {
            json.writeString(String.valueOf(names.get(value)));
        }
    }
}

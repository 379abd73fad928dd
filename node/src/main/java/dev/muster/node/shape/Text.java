package dev.muster.node.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text. */
record Text(@Nullable Length length, List<String> oneOf, boolean oneLine) implements Value {

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
        Bounds.checkSize(text.codePointCount(0, text.length()), length, "characters", path, issues);
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

    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
        json.writeString((String) value);
    }

    @Override
    public void encode(BincodeWriter out, Object value) {
        out.string((String) value);
    }

    @Override
    public Object decode(BincodeReader in) throws BincodeException {
        return in.string();
    }

    @Override
    public void transcribe(BincodeReader in, JsonGenerator json) throws BincodeException, IOException {
        json.writeString(in.string());
    }

    @Override
    public int leastBytes() {
        return 1;
    }

    @Override
    public void describe(JsonGenerator json) throws IOException {
        json.writeStringField("type", "string");
        Bounds.describe(json, length, "minLength", "maxLength");
        if (!oneOf.isEmpty()) {
            json.writeArrayFieldStart("enum");
            for (String allowed : oneOf) {
                json.writeString(allowed);
            }
            json.writeEndArray();
        }
    }
}

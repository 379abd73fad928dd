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

/** An id of 64 bits; see {@link DecimalText}. */
record Decimal(Shape shape) implements Value {

    /** 2⁶⁴ - 1 has so many. */
    private static final int MAX_DIGITS = 20;

    @Override
    public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
        boolean isText = json.currentToken() == JsonToken.VALUE_STRING && json.getTextLength() <= MAX_DIGITS;
        String text = isText ? json.getText() : "";
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return refused(json, path, issues);
        }
        try {
            return shape.construct(new Object[] {Long.parseUnsignedLong(text)}, path, issues);
        } catch (NumberFormatException tooLarge) {
            return refused(json, path, issues);
        }
    }

    private static @Nullable Object refused(JsonParser json, String path, List<Issue> issues) throws IOException {
        json.skipChildren();
        issues.add(new Issue(path, "must be a string of digits, \"0\" to \"18446744073709551615\""));
        return null;
    }

    @Override
    public void check(Object value, String path, List<Issue> issues) {}

    private long bits(Object value) {
        Object bits = shape.component(value, 0);
        return bits instanceof Long number ? number : 0;
    }

    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
        json.writeString(Long.toUnsignedString(bits(value)));
    }

    @Override
    public void encode(BincodeWriter out, Object value) {
        out.unsigned(bits(value));
    }

    @Override
    public Object decode(BincodeReader in) throws BincodeException {
        return shape.construct(new Object[] {in.u64()});
    }

    @Override
    public void transcribe(BincodeReader in, JsonGenerator json) throws BincodeException, IOException {
        json.writeString(Long.toUnsignedString(in.u64()));
    }

    @Override
    public int leastBytes() {
        return 1;
    }

    @Override
    public void describe(JsonGenerator json) throws IOException {
        json.writeStringField("type", "string");
        json.writeStringField("format", "uint64");
        json.writeStringField("pattern", "^[0-9]{1,20}$");
    }
}

package dev.muster.node.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A number with a point, of 32 or 64 bits. */
record Real(@Nullable Range range, boolean isFloat) implements Value {

    @Override
    public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
        double read = json.currentToken().isNumeric() ? json.getDoubleValue() : Double.NaN;
        double value = isFloat ? (float) read : read;
        if (!Double.isFinite(value)) {
            json.skipChildren();
            issues.add(new Issue(path, "must be a number"));
            return null;
        }
        Bounds.checkRange(value, range, path, issues);
        return isFloat ? (Object) (float) value : (Object) value;
    }

    @Override
    public void check(Object value, String path, List<Issue> issues) {
        double number = ((Number) value).doubleValue();
        if (!Double.isFinite(number)) {
            issues.add(new Issue(path, "must be a number"));
        }
        Bounds.checkRange(number, range, path, issues);
    }

    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
        if (isFloat) {
            write(json, (float) (Float) value);
        } else {
            write(json, (double) (Double) value);
        }
    }

    @Override
    public void encode(BincodeWriter out, Object value) {
        if (isFloat) {
            out.f32((Float) value);
        } else {
            out.f64((Double) value);
        }
    }

    @Override
    public Object decode(BincodeReader in) throws BincodeException {
        return isFloat ? (Object) in.f32() : (Object) in.f64();
    }

    @Override
    public void transcribe(BincodeReader in, JsonGenerator json) throws BincodeException, IOException {
        if (isFloat) {
            write(json, in.f32());
        } else {
            write(json, in.f64());
        }
    }

    /** What is no number at all, which only bincode can bring, has no form in JSON but null. */
    private static void write(JsonGenerator json, float value) throws IOException {
        if (Float.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    private static void write(JsonGenerator json, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    @Override
    public int leastBytes() {
        return isFloat ? Float.BYTES : Double.BYTES;
    }

    @Override
    public void describe(JsonGenerator json) throws IOException {
        json.writeStringField("type", "number");
        json.writeStringField("format", isFloat ? "float" : "double");
        Bounds.describe(json, range);
    }
}

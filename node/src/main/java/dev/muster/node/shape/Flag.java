package dev.muster.node.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** True or false. */
record Flag() implements Value {

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

    @Override
    public void encode(BincodeWriter out, Object value) {
        out.bool((Boolean) value);
    }

    @Override
    public Object decode(BincodeReader in) throws BincodeException {
        return in.bool();
    }

    @Override
    public void transcribe(BincodeReader in, JsonGenerator json) throws BincodeException, IOException {
        json.writeBoolean(in.bool());
    }

    @Override
    public int leastBytes() {
        return 1;
    }

    @Override
    public void describe(JsonGenerator json) throws IOException {
        json.writeStringField("type", "boolean");
    }
}

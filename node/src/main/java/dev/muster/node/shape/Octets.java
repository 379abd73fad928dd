package dev.muster.node.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes: base64 in JSON. A {@link Buffer}, for records of arrays are not equal when their bytes are. */
record Octets(@Nullable Length length) implements Value {

    @Override
    public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            try {
                Buffer bytes = Buffer.buffer(Base64.getDecoder().decode(json.getText()));
                check(bytes, path, issues);
                return bytes;
            } catch (IllegalArgumentException otherText) {
                // said below
            }
        }
        json.skipChildren();
        issues.add(new Issue(path, "must be a string of base64"));
        return null;
    }

    @Override
    public void check(Object value, String path, List<Issue> issues) {
        Bounds.checkSize(((Buffer) value).length(), length, "bytes", path, issues);
    }

    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
        json.writeString(Base64.getEncoder().encodeToString(((Buffer) value).getBytes()));
    }

    @Override
    public void encode(BincodeWriter out, Object value) {
        out.bytes(((Buffer) value).getBytes());
    }

    @Override
    public Object decode(BincodeReader in) throws BincodeException {
        return Buffer.buffer(octets(in));
    }

    private static byte[] octets(BincodeReader in) throws BincodeException {
        var view = in.bytes();
        byte[] bytes = new byte[view.readableBytes()];
        view.readBytes(bytes);
        return bytes;
    }

    @Override
    public void transcribe(BincodeReader in, JsonGenerator json) throws BincodeException, IOException {
        json.writeString(Base64.getEncoder().encodeToString(octets(in)));
    }

    @Override
    public int leastBytes() {
        return 1;
    }

    @Override
    public void describe(JsonGenerator json) throws IOException {
        json.writeStringField("type", "string");
        json.writeStringField("contentEncoding", "base64");
    }
}

package dev.muster.node.protocol;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Streaming JSON for frames: no tree is ever built. */
public final class Json {

    /**
     * Field names come from strangers, so none is interned or kept in a table. Limits on depth, numbers and names are
     * the parser's own.
     */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private static final int USUAL_FRAME = 192;

    private Json() {}

    /** Writes the members of an object. */
    @FunctionalInterface
    public interface Members {
        /**
         * @throws IOException never, when writing to memory
         */
        void write(JsonGenerator generator) throws IOException;
    }

    /** A JSON object in UTF-8; the caller owns it. */
    public static ByteBuf object(Members members) {
        ByteBuf bytes = Unpooled.buffer(USUAL_FRAME);
        try (JsonGenerator generator =
                FACTORY.createGenerator((OutputStream) new ByteBufOutputStream(bytes), JsonEncoding.UTF8)) {
            generator.writeStartObject();
            members.write(generator);
            generator.writeEndObject();
        } catch (IOException impossible) {
            bytes.release();
            throw new UncheckedIOException(impossible);
        }
        return bytes;
    }

    /** A JSON object as text. */
    public static String text(Members members) {
        ByteBuf bytes = object(members);
        try {
            return bytes.toString(StandardCharsets.UTF_8);
        } finally {
            bytes.release();
        }
    }

    /** The frame that tells a client of a JSON protocol what was wrong. */
    public static String error(ErrorCode code, String message) {
        return text(generator -> {
            generator.writeStringField("type", "ERROR");
            generator.writeStringField("code", code.code());
            generator.writeStringField("message", message);
        });
    }
}

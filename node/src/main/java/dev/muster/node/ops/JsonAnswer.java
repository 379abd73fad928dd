package dev.muster.node.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** An answer that is one JSON object. */
final class JsonAnswer {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonAnswer() {}

    /** Writes the object's fields. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    static void end(HttpServerRequest request, int status, Fields fields) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory cannot fail as a stream does", impossible);
        }
        end(request, status, "application/json", body.toByteArray());
    }

    static void end(HttpServerRequest request, int status, String contentType, byte[] body) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Buffer.buffer(body));
    }

    /** RFC 3339 in UTC, always with milliseconds. */
    static String time(Instant instant) {
        String text = instant.truncatedTo(ChronoUnit.MILLIS).toString();
        // Instant leaves out what is zero.
        return text.length() == "2000-01-01T00:00:00Z".length() ? text.replace("Z", ".000Z") : text;
    }
}

package dev.muster.node.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.muster.node.connection.Refusal;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The one form of every error over HTTP: JSON {@code {timestamp, status, error, message, path, method, requestId,
 * details?}}. The path is told without its query, which may hold a token.
 */
public final class HttpErrors {

    private static final JsonFactory JSON = new JsonFactory();

    private HttpErrors() {}

    /** Answers {@code request} with a refusal, unless it is answered already. */
    public static void answer(HttpServerRequest request, Refusal refusal) {
        answer(request, refusal.status(), String.valueOf(refusal.getMessage()), refusal.details());
    }

    /**
     * Answers {@code request} with an error, unless it is answered already.
     *
     * @param message lower-case text for people
     */
    public static void answer(HttpServerRequest request, int status, String message, List<Refusal.Detail> details) {
        HttpServerResponse response = request.response();
        if (response.headWritten() || response.ended()) {
            return;
        }
        byte[] body = body(
                status,
                message,
                PathPattern.withoutQuery(request.uri()),
                request.method().name(),
                details);
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(Buffer.buffer(body));
    }

    /**
     * Answers 405 and says what is allowed.
     *
     * @param allowed the methods, separated by commas
     */
    public static void methodNotAllowed(HttpServerRequest request, String allowed) {
        request.response().putHeader(HttpHeaders.ALLOW, allowed);
        answer(request, 405, "allowed here: " + allowed, List.of());
    }

    /** The body of an error. */
    static byte[] body(int status, String message, String path, String method, List<Refusal.Detail> details) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField(
                    "timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
            json.writeNumberField("status", status);
            json.writeStringField("error", HttpResponseStatus.valueOf(status).reasonPhrase());
            json.writeStringField("message", message);
            json.writeStringField("path", path);
            json.writeStringField("method", method);
            json.writeStringField("requestId", requestId());
            if (!details.isEmpty()) {
                json.writeArrayFieldStart("details");
                for (Refusal.Detail detail : details) {
                    json.writeStartObject();
                    json.writeStringField("field", detail.field());
                    json.writeStringField("message", detail.message());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory cannot fail as a stream does", impossible);
        }
        return body.toByteArray();
    }

    private static String requestId() {
        return Long.toHexString(ThreadLocalRandom.current().nextLong());
    }
}

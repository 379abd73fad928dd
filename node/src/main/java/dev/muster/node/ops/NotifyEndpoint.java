package dev.muster.node.ops;

import com.fasterxml.jackson.core.JsonParser;
import dev.muster.node.connection.Refusal;
import dev.muster.node.event.Event;
import dev.muster.node.event.EventType;
import dev.muster.node.event.InvalidEvent;
import dev.muster.node.event.Notification;
import dev.muster.node.event.Target;
import dev.muster.node.protocol.Json;
import dev.muster.node.protocol.event.EventPublisher;
import dev.muster.node.shape.Issue;
import dev.muster.node.shape.Length;
import dev.muster.node.shape.OneOf;
import dev.muster.node.transport.HttpErrors;
import dev.muster.registry.Limits;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /api/notify}: shows people something, all of them or one user. */
public final class NotifyEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(NotifyEndpoint.class);

    /** Much more than a notification can have. */
    private static final int MAX_BODY_BYTES = 64 << 10;

    /** The body. */
    @Event("notify")
    record Body(
            @Nullable @OneOf({"info", "success", "warning", "error"})
            String type,

            @Nullable @Length(min = 1, max = 200) String title,
            @Length(min = 1, max = 2000) String message,

            @Nullable @Length(min = 1, max = Limits.MAX_USER_ID)
            String targetUserId) {}

    private static final EventType<Body> BODY = EventType.of(Body.class);

    private final Permission permission;
    private final EventPublisher publisher;
    private final Clock clock;

    public NotifyEndpoint(Permission permission, EventPublisher publisher, Clock clock) {
        this.permission = permission;
        this.publisher = publisher;
        this.clock = clock;
    }

    void answer(HttpServerRequest request) {
        Future<Buffer> body = body(request);
        permission
                .check(request, "admin")
                .compose(allowed -> body)
                .compose(bytes -> notify(parse(bytes)))
                .onSuccess(done -> JsonAnswer.end(request, 200, json -> json.writeBooleanField("success", true)))
                .onFailure(failure -> failed(request, failure));
    }

    private Future<Void> notify(Body body) {
        String user = body.targetUserId();
        Notification notification = new Notification(
                UUID.randomUUID().toString(),
                body.type() == null ? "info" : body.type(),
                body.title() == null ? "Notification" : body.title(),
                body.message(),
                clock.millis());
        return publisher.publish(notification, user == null ? Target.everybody() : Target.user(user));
    }

    private static Future<Buffer> body(HttpServerRequest request) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() > MAX_BODY_BYTES) {
                whole.tryFail(new Refusal(413, "the body may have " + MAX_BODY_BYTES + " bytes"));
            } else {
                body.appendBuffer(part);
            }
        });
        // The client went away, or what it sent is no body: nothing of ours has failed.
        request.exceptionHandler(cut -> whole.tryFail(new Refusal(400, "the body ended early")));
        request.endHandler(end -> whole.tryComplete(body));
        return whole.future();
    }

    private static Body parse(Buffer bytes) {
        try (JsonParser json = Json.FACTORY.createParser(bytes.getBytes())) {
            if (json.nextToken() == null) {
                throw new InvalidEvent(BODY.name(), List.of(new Issue("body", "must be a JSON object")));
            }
            Body body = BODY.read(json);
            if (json.nextToken() != null) {
                throw new InvalidEvent(BODY.name(), List.of(new Issue("body", "must be one JSON object only")));
            }
            return body;
        } catch (IOException notJson) {
            throw new InvalidEvent(BODY.name(), List.of(new Issue("body", "must be a JSON object")));
        }
    }

    private static void failed(HttpServerRequest request, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            HttpErrors.answer(request, refusal);
        } else if (failure instanceof InvalidEvent invalid) {
            List<Refusal.Detail> details = new ArrayList<>();
            invalid.issues()
                    .forEach(issue -> details.add(
                            new Refusal.Detail(issue.path().isEmpty() ? "body" : issue.path(), issue.message())));
            HttpErrors.answer(request, new Refusal(400, "bad request", details));
        } else if (failure instanceof RegistryException) {
            request.response().putHeader("Retry-After", "1");
            HttpErrors.answer(request, 503, "the registry is unavailable", List.of());
        } else {
            LOG.error("A notification could not be published, the client was told 500", failure);
            HttpErrors.answer(request, 500, "internal error", List.of());
        }
    }
}

package dev.muster.node.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.muster.node.auth.Revocations;
import dev.muster.node.auth.RoleCheck;
import dev.muster.node.connection.Refusal;
import dev.muster.node.transport.HttpErrors;
import dev.muster.registry.RegistryException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what those who run the node ask for; everything else it leaves to the figures. */
public final class OpsApi implements Handler<HttpServerRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(OpsApi.class);
    private static final int MAX_BODY = 4096;
    private static final int MAX_ID = 128;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** What is to be revoked. */
    private static final class Wanted {
        @Nullable
        String tokenId;

        @Nullable
        String user;

        @Nullable
        Long issuedUpTo;
    }

    private final HttpApi figures;
    private final Revocations revocations;
    private final RoleCheck roles;
    private final Runnable drain;

    /**
     * @param figures for all other requests
     * @param revocations takes tokens back
     * @param roles who may
     * @param drain stops the node in order
     */
    public OpsApi(HttpApi figures, Revocations revocations, RoleCheck roles, Runnable drain) {
        this.figures = figures;
        this.revocations = revocations;
        this.roles = roles;
        this.drain = drain;
    }

    @Override
    public void handle(HttpServerRequest request) {
        switch (String.valueOf(request.path())) {
            case "/admin/drain" -> admin(request, body -> drain(request));
            case "/admin/revoke" -> admin(request, body -> revoke(request, body));
            default -> figures.handle(request);
        }
    }

    private void admin(HttpServerRequest request, Handler<Buffer> action) {
        if (!HttpMethod.POST.equals(request.method())) {
            HttpErrors.methodNotAllowed(request, "POST");
            return;
        }
        // Read before anybody is asked: a body that nobody reads blocks the connection.
        body(request)
                .compose(body -> roles.require(
                                request.getHeader("Authorization"), HttpApi.query(request), RoleCheck.ADMIN)
                        .map(body))
                .onSuccess(body -> act(request, action, body))
                .onFailure(failure -> fail(request, failure));
    }

    private static Future<Buffer> body(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() <= MAX_BODY) {
                body.appendBuffer(part);
            }
        });
        return request.end()
                .compose(end -> body.length() > MAX_BODY
                        ? Future.failedFuture(new Refusal(413, "a body has at most " + MAX_BODY + " bytes"))
                        : Future.succeededFuture(body));
    }

    private static void act(HttpServerRequest request, Handler<Buffer> action, Buffer body) {
        try {
            action.handle(body);
        } catch (Refusal refusal) {
            HttpErrors.answer(request, refusal);
        }
    }

    private static void fail(HttpServerRequest request, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            HttpErrors.answer(request, refusal);
        } else if (failure instanceof RegistryException) {
            request.response().putHeader("Retry-After", "1");
            HttpErrors.answer(
                    request, new Refusal(503, "it counts on this node only: the registry is unavailable, ask again"));
        } else {
            LOG.error("A request could not be answered, the client was told 500", failure);
            HttpErrors.answer(request, new Refusal(500, "internal error"));
        }
    }

    private void drain(HttpServerRequest request) {
        LOG.info("Asked to drain over the ops port");
        // First the answer: the node may be gone before it is written.
        request.response().endHandler(written -> drain.run());
        JsonAnswer.end(request, 202, json -> json.writeStringField("status", "draining"));
    }

    private void revoke(HttpServerRequest request, Buffer body) {
        Wanted wanted = wanted(body);
        String tokenId = wanted.tokenId;
        String user = wanted.user;
        if ((tokenId == null) == (user == null)) {
            throw Refusal.badRequest("body", "must name one of token_id and user");
        }
        if (tokenId != null && wanted.issuedUpTo != null) {
            throw Refusal.badRequest("issued_up_to", "is for a user");
        }
        Future<Void> done = user == null
                ? revocations.revokeToken(String.valueOf(tokenId))
                : revocations.revokeUser(user, wanted.issuedUpTo);
        done.onSuccess(stored -> JsonAnswer.end(request, 200, json -> {
                    json.writeBooleanField("revoked", true);
                    json.writeStringField(user == null ? "token_id" : "user", user == null ? tokenId : user);
                }))
                .onFailure(failure -> fail(request, failure));
    }

    private static Wanted wanted(Buffer body) {
        Wanted wanted = new Wanted();
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw Refusal.badRequest("body", "must be a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                member(json, wanted);
            }
        } catch (IOException malformed) {
            throw Refusal.badRequest("body", "must be a JSON object");
        }
        return wanted;
    }

    private static void member(JsonParser json, Wanted wanted) throws IOException {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
            case "token_id", "jti" -> wanted.tokenId = id(json, name);
            case "user", "sub" -> wanted.user = id(json, name);
            case "issued_up_to" -> {
                if (value != JsonToken.VALUE_NUMBER_INT || json.getLongValue() < 0) {
                    throw Refusal.badRequest(name, "must be a whole number of seconds since 1970");
                }
                wanted.issuedUpTo = json.getLongValue();
            }
            default -> throw Refusal.badRequest("body", "has token_id or user, and issued_up_to");
        }
    }

    private static String id(JsonParser json, String name) throws IOException {
        String id = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : "";
        if (id.isEmpty() || id.length() > MAX_ID || id.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.badRequest(name, "must be a text of 1 to " + MAX_ID + " characters");
        }
        return id;
    }
}

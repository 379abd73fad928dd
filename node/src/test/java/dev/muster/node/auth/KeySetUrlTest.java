package dev.muster.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.KeyPair;
import java.security.interfaces.EdECPublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Keys that an issuer publishes at a URL, over a real connection, whatever it answers. */
class KeySetUrlTest {

    private static final Duration RELOAD = Duration.ofMinutes(5);

    private final KeyPair one = TestTokens.pair("Ed25519", 0);
    private final KeyPair two = TestTokens.pair("Ed25519", 0);
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Consumer<HttpServerRequest> answer =
            request -> request.response().setStatusCode(500).end();
    private Vertx vertx;
    private Tokens tokens;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        HttpServer issuer = vertx.createHttpServer()
                .requestHandler(request -> {
                    asked.incrementAndGet();
                    answer.accept(request);
                })
                .listen(0, "127.0.0.1")
                .await();
        String url = "http://127.0.0.1:" + issuer.actualPort() + "/keys";
        tokens = new TokenSettings(null, null, null, url, RELOAD, TestTokens.RULES)
                .load(
                        vertx,
                        TestTokens.CLOCK,
                        nanos::get,
                        (option, must) -> new IllegalArgumentException(option + must));
        // The first look is over then: it is begun with the tokens, and would be waited for by whoever asks next.
        assertThat(refused(token(one, "1"))).isEqualTo("unknown_key");
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private static JsonObject jwk(KeyPair pair, String id) {
        // RFC 8410: the key itself is at the end of its encoding.
        byte[] encoded = ((EdECPublicKey) pair.getPublic()).getEncoded();
        byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return new JsonObject(Map.of(
                "kty",
                "OKP",
                "crv",
                "Ed25519",
                "kid",
                id,
                "x",
                Base64.getUrlEncoder().withoutPadding().encodeToString(x)));
    }

    private void publishes(JsonObject... keys) {
        String set =
                new JsonObject().put("keys", new JsonArray(Arrays.asList(keys))).encode();
        answer = request -> request.response().end(set);
    }

    private static String token(KeyPair pair, String id) {
        return TestTokens.signed(
                Algorithm.EDDSA,
                pair.getPrivate(),
                "{\"alg\":\"EdDSA\",\"kid\":\"" + id + "\"}",
                TestTokens.claims().encode());
    }

    /** After the pause between two looks. */
    private void later() {
        nanos.addAndGet(ReloadedKeys.SHORTEST_PAUSE.toNanos());
    }

    /** Null if it was accepted. */
    private @Nullable String refused(String token) throws Exception {
        try {
            Identity identity = tokens.verify(token)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            assertThat(identity.userId()).isEqualTo("alice");
            return null;
        } catch (java.util.concurrent.ExecutionException failure) {
            assertThat(failure).hasCauseInstanceOf(Refusal.class);
            String message = ((Refusal) failure.getCause()).details().get(0).message();
            return message.substring(0, message.indexOf(':'));
        }
    }

    @Test
    @DisplayName(
            "until the keys can be read nobody is let in, then everybody with a right token; the issuer is not flooded")
    void begins() throws Exception {
        assertThat(refused(token(one, "1"))).isEqualTo("unknown_key");
        publishes(jwk(one, "1"));
        int before = asked.get();
        for (int i = 0; i < 20; i++) {
            assertThat(refused(token(one, "1"))).isEqualTo("unknown_key");
        }
        assertThat(asked).hasValue(before);
        later();
        assertThat(refused(token(one, "1"))).isNull();
        assertThat(refused(token(two, "1"))).isEqualTo("bad_signature");
        assertThat(asked).hasValue(before + 1);
    }

    @Test
    @DisplayName("J16: keys that are added and taken away count without a restart")
    void rotates() throws Exception {
        publishes(jwk(one, "1"));
        later();
        assertThat(refused(token(one, "1"))).isNull();
        publishes(jwk(one, "1"), jwk(two, "2"));
        later();
        assertThat(refused(token(two, "2"))).as("looked again for a new name").isNull();
        assertThat(refused(token(one, "1"))).as("the old key is still there").isNull();
        publishes(jwk(two, "2"));
        nanos.addAndGet(RELOAD.toNanos());
        tokens.tick();
        // This waits for what is under way.
        assertThat(refused(token(one, "3"))).isEqualTo("unknown_key");
        assertThat(refused(token(one, "1"))).isEqualTo("unknown_key");
        assertThat(refused(token(two, "2"))).isNull();
    }

    @Test
    @DisplayName("whatever else the issuer answers, the keys of the last time count, and no redirect is followed")
    void broken() throws Exception {
        publishes(jwk(one, "1"));
        later();
        assertThat(refused(token(one, "1"))).isNull();
        String elsewhere =
                new JsonObject().put("keys", new JsonArray().add(jwk(two, "2"))).encode();
        assertKept(request -> request.response().setStatusCode(404).end(elsewhere));
        assertKept(request -> {
            if (request.path().equals("/elsewhere")) {
                request.response().end(elsewhere);
            } else {
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/elsewhere")
                        .end();
            }
        });
        assertKept(request -> request.response().end("<html>"));
        assertKept(request -> request.response().end("{\"keys\":[]}"));
        assertKept(request -> request.response().end("{\"keys\":" + "[".repeat(5_000)));
        assertKept(request -> request.response().end(elsewhere + " ".repeat(KeySource.MAX_BYTES)));
        assertKept(request -> {
            request.response().setChunked(true).write(" ".repeat(KeySource.MAX_BYTES));
            request.response().end(elsewhere);
        });
        assertKept(request ->
                request.response().putHeader("Content-Length", "99999").write("{"));
        assertKept(request -> request.connection().close());
        publishes(jwk(two, "2"));
        later();
        assertThat(refused(token(two, "2"))).as("and when it is well again").isNull();
        assertThat(refused(token(one, "1"))).isEqualTo("unknown_key");
    }

    private void assertKept(Consumer<HttpServerRequest> wrong) throws Exception {
        int before = asked.get();
        answer = wrong;
        later();
        assertThat(refused(token(two, "2"))).isEqualTo("unknown_key");
        assertThat(asked).hasValue(before + 1);
        assertThat(refused(token(one, "1"))).isNull();
    }
}

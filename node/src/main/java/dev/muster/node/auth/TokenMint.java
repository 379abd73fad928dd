package dev.muster.node.auth;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes tokens, for development: in production whoever logs people in does.
 *
 * @param user {@code sub}
 * @param name the user's name; null for none
 * @param clientId the client's id; null for any
 * @param roles see {@link dev.muster.node.connection.Identity#roles}
 * @param lifetime from now
 * @param issuer null for none
 * @param audience null for none
 */
public record TokenMint(
        String user,
        @Nullable String name,
        @Nullable String clientId,
        Set<String> roles,
        Duration lifetime,
        @Nullable String issuer,
        @Nullable String audience) {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /**
     * A token signed with HS256, with an id of its own.
     *
     * @param secret what {@link SecretText#complaint} has no complaint about
     * @throws dev.muster.node.connection.Refusal if a node would not take it
     */
    public String mint(String secret, Instant now) {
        VerificationKey key = SecretText.key(secret);
        JsonObject claims = new JsonObject()
                .put("sub", user)
                .put("jti", UUID.randomUUID().toString())
                .put("iat", now.getEpochSecond())
                .put("exp", now.getEpochSecond() + lifetime.toSeconds())
                .put("token_type", "access");
        put(claims, "name", name);
        put(claims, "client_id", clientId);
        put(claims, "iss", issuer);
        put(claims, "aud", audience);
        if (!roles.isEmpty()) {
            claims.put("roles", new JsonArray(roles.stream().sorted().toList()));
        }
        byte[] payload = claims.encode().getBytes(StandardCharsets.UTF_8);
        Claims.judge(payload, new ClaimRules(issuer, audience, lifetime, Duration.ZERO), now.getEpochSecond());
        JsonObject header = new JsonObject().put("alg", key.algorithm().text()).put("typ", "JWT");
        String signed = encode(header.encode().getBytes(StandardCharsets.UTF_8)) + "." + encode(payload);
        try {
            return signed + "." + encode(key.algorithm().sign(key.key(), signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HMAC", impossible);
        }
    }

    /** The secret in a file, as the node reads it. */
    public static String secretIn(String file) {
        return KeySource.file(file).strip();
    }

    private static void put(JsonObject claims, String name, @Nullable String value) {
        if (value != null) {
            claims.put(name, value);
        }
    }

    private static String encode(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }
}

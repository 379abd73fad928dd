package dev.muster.node.auth;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;

/** Tokens of every kind, right and wrong, at a fixed time. */
final class TestTokens {

    static final String SECRET = "7c0b9f2e4d6a48c1b3e5f7a9d1c3e5f7";
    static final long NOW = 1_900_000_000;
    static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);
    static final ClaimRules RULES = new ClaimRules(null, null, Duration.ofHours(24), ClaimRules.LEEWAY);

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private TestTokens() {}

    static JsonObject claims() {
        return new JsonObject().put("sub", "alice").put("exp", NOW + 3_600);
    }

    static Tokens verifier(VerificationKey... keys) {
        return new JwtTokens(() -> List.of(keys), RULES, CLOCK);
    }

    static Tokens bySecret() {
        return verifier(SecretText.key(SECRET));
    }

    /** Signed with the secret. */
    static String hs256(String header, String payload) {
        return signed(Algorithm.HS256, SecretText.key(SECRET).key(), header, payload);
    }

    static String hs256(JsonObject claims) {
        return hs256("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", claims.encode());
    }

    static String signed(Algorithm algorithm, Key key, String header, String payload) {
        String signed = encode(header) + "." + encode(payload);
        try {
            return signed + "."
                    + BASE64.encodeToString(algorithm.sign(key, signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    static String encode(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static KeyPair pair(String kind, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
            } else if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    static String pem(KeyPair pair) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }
}

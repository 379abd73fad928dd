package dev.muster.node.auth;

import static dev.muster.node.auth.TestTokens.NOW;
import static dev.muster.node.auth.TestTokens.claims;
import static dev.muster.node.auth.TestTokens.encode;
import static dev.muster.node.auth.TestTokens.hs256;
import static dev.muster.node.auth.TestTokens.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.node.connection.Grant;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTokensTest {

    private static final String HEADER = "{\"alg\":\"HS256\"}";

    private static String code(Future<Identity> answer) {
        assertThat(answer.cause()).isInstanceOf(Refusal.class);
        Refusal refusal = (Refusal) answer.cause();
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal).hasMessage("unauthorized");
        assertThat(refusal.details()).hasSize(1);
        assertThat(refusal.details().get(0).field()).isEqualTo("token");
        String message = refusal.details().get(0).message();
        return message.substring(0, message.indexOf(':'));
    }

    // ---- right ones ----

    @Test
    @DisplayName("a token says who somebody is")
    void identity() {
        JsonObject claims = claims().put("name", "Alice Ä 🎈")
                .put("client_id", "phone")
                .put("jti", "t1")
                .put("iat", NOW - 10)
                .put("nbf", NOW)
                .put("token_type", "access")
                .put("roles", new JsonArray().add("stats").add("join:lo*"))
                .put("anything", new JsonObject().put("deep", new JsonArray().add(1)));
        assertThat(TestTokens.bySecret().verify(hs256(claims)).result())
                .isEqualTo(new Identity(
                        "alice",
                        "Alice Ä 🎈",
                        "phone",
                        Set.of("stats", "join:lo*"),
                        true,
                        new Grant("t1", Instant.ofEpochSecond(NOW - 10), Instant.ofEpochSecond(NOW + 3_600))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA"})
    @DisplayName("each algorithm with its own key, from PEM and from a key set")
    void algorithms(String name) {
        Algorithm algorithm = Algorithm.named(name);
        KeyPair pair = switch (algorithm) {
            case RS256, RS384, RS512 -> pair("RSA", 2048);
            case ES256 -> pair("EC", 256);
            case ES384 -> pair("EC", 384);
            case ES512 -> pair("EC", 521);
            default -> pair("Ed25519", 0);
        };
        String header = "{\"alg\":\"" + name + "\",\"kid\":\"k1\"}";
        String token = TestTokens.signed(algorithm, pair.getPrivate(), header, claims().encode());
        List<VerificationKey> set = KeySet.parse(new JsonObject()
                .put("keys", new JsonArray().add(jwk(pair, "k1").put("alg", name)))
                .encode());
        assertThat(TestTokens.verifier(set.get(0)).verify(token).succeeded()).isTrue();
        if (algorithm != Algorithm.RS384 && algorithm != Algorithm.RS512) {
            VerificationKey pem = PemKey.key(TestTokens.pem(pair));
            assertThat(pem.algorithm()).isEqualTo(algorithm);
            assertThat(TestTokens.verifier(pem).verify(token).succeeded()).isTrue();
        }
        KeyPair other = pair(
                pair.getPublic().getAlgorithm().equals("EdDSA")
                        ? "Ed25519"
                        : pair.getPublic().getAlgorithm(),
                bits(algorithm));
        String forged = TestTokens.signed(algorithm, other.getPrivate(), header, claims().encode());
        assertThat(code(TestTokens.verifier(set.get(0)).verify(forged))).isEqualTo("bad_signature");
    }

    private static int bits(Algorithm algorithm) {
        return switch (algorithm) {
            case ES256 -> 256;
            case ES384 -> 384;
            case ES512 -> 521;
            case EDDSA -> 0;
            default -> 2048;
        };
    }

    private static JsonObject jwk(KeyPair pair, String id) {
        JsonObject jwk = new JsonObject().put("kid", id).put("use", "sig");
        if (pair.getPublic() instanceof RSAPublicKey rsa) {
            return jwk.put("kty", "RSA")
                    .put("n", number(rsa.getModulus().toByteArray(), 0))
                    .put("e", number(rsa.getPublicExponent().toByteArray(), 0));
        }
        if (pair.getPublic() instanceof ECPublicKey ec) {
            int bits = ec.getParams().getOrder().bitLength();
            return jwk.put("kty", "EC")
                    .put("crv", "P-" + bits)
                    .put("x", number(ec.getW().getAffineX().toByteArray(), (bits + 7) / 8))
                    .put("y", number(ec.getW().getAffineY().toByteArray(), (bits + 7) / 8));
        }
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] x = java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return jwk.put("kty", "OKP").put("crv", "Ed25519").put("x", number(x, 32));
    }

    private static String number(byte[] bytes, int length) {
        int skip = bytes.length > 1 && bytes[0] == 0 && length != 32 || bytes.length > length && length > 0 ? 1 : 0;
        byte[] bare = java.util.Arrays.copyOfRange(bytes, skip, bytes.length);
        byte[] padded = new byte[Math.max(length, bare.length)];
        System.arraycopy(bare, 0, padded, padded.length - bare.length, bare.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(padded);
    }

    // ---- wrong ones ----

    static Stream<Arguments> wrong() {
        List<Arguments> all = new ArrayList<>();
        // J01
        for (String alg : List.of("none", "None", "nOnE", "", "hs256", "HS384", "PS256", "RSA-OAEP")) {
            all.add(arguments("alg " + alg, "alg_not_allowed", hs256("{\"alg\":\"" + alg + "\"}", claims().encode())));
        }
        String body = encode(HEADER) + "." + encode(claims().encode());
        String good = hs256(claims());
        all.add(arguments("no alg", "alg_not_allowed", hs256("{}", claims().encode())));
        all.add(arguments("alg a number", "alg_not_allowed", hs256("{\"alg\":1}", claims().encode())));
        all.add(arguments("alg of another key", "alg_not_allowed", hs256("{\"alg\":\"RS256\"}", claims().encode())));
        all.add(arguments(
                "alg none without signature",
                "malformed_token",
                encode("{\"alg\":\"none\"}") + "." + encode(claims().encode()) + "."));
        all.add(arguments(
                "alg twice", "malformed_token", hs256("{\"alg\":\"none\",\"alg\":\"HS256\"}", claims().encode())));
        // J04
        for (String extension :
                List.of("\"crit\":[\"x\"]", "\"crit\":[]", "\"zip\":\"DEF\"", "\"b64\":false", "\"b64\":true")) {
            all.add(arguments(
                    extension, "bad_header", hs256("{\"alg\":\"HS256\"," + extension + "}", claims().encode())));
        }
        // J05
        all.add(arguments("two parts", "malformed_token", body));
        all.add(arguments("four parts", "malformed_token", good + ".x"));
        all.add(arguments("no dots", "malformed_token", "abc"));
        all.add(arguments("empty", "malformed_token", ""));
        all.add(arguments("only dots", "malformed_token", ".."));
        all.add(arguments("empty header", "malformed_token", good.substring(good.indexOf('.'))));
        all.add(arguments(
                "empty payload", "malformed_token", encode(HEADER) + ".." + good.substring(good.lastIndexOf('.') + 1)));
        all.add(arguments("padded", "malformed_token", good + "="));
        all.add(arguments("line end", "malformed_token", good + "\n"));
        all.add(arguments("space before", "malformed_token", " " + good));
        all.add(arguments(
                "plain base64", "malformed_token", encode(HEADER) + "." + encode(claims().encode()) + ".++//"));
        all.add(arguments("loose last bits", "malformed_token", loose(good)));
        all.add(arguments("16 KB", "malformed_token", hs256(claims().put("x", "x".repeat(12_000)))));
        all.add(arguments("header no JSON", "malformed_token", hs256("alg", claims().encode())));
        all.add(arguments("header an array", "malformed_token", hs256("[]", claims().encode())));
        all.add(arguments("header two objects", "malformed_token", hs256(HEADER + "{}", claims().encode())));
        all.add(arguments("claims no JSON", "malformed_token", hs256(HEADER, "x")));
        all.add(arguments("claims an array", "malformed_token", hs256(HEADER, "[1]")));
        all.add(arguments("claims two objects", "malformed_token", hs256(HEADER, claims().encode() + "{}")));
        all.add(arguments(
                "claim twice",
                "malformed_token",
                hs256(HEADER, "{\"sub\":\"a\",\"sub\":\"b\",\"exp\":" + (NOW + 9) + "}")));
        all.add(arguments(
                "deep", "malformed_token", hs256(HEADER, "{\"x\":" + "[".repeat(100) + "]".repeat(100) + "}")));
        // signatures
        all.add(arguments(
                "signature of other bytes",
                "bad_signature",
                encode(HEADER) + "." + encode(claims().put("sub", "bob").encode())
                        + good.substring(good.lastIndexOf('.'))));
        all.add(arguments(
                "another secret",
                "bad_signature",
                TestTokens.signed(
                        Algorithm.HS256,
                        new SecretKeySpec("another".getBytes(StandardCharsets.UTF_8), "HmacSHA256"),
                        HEADER,
                        claims().encode())));
        all.add(arguments("short signature", "bad_signature", body + ".AAAA"));
        // J07
        all.add(arguments("no exp", "bad_exp", hs256(new JsonObject().put("sub", "a"))));
        for (String exp : List.of(
                "\"" + (NOW + 60) + "\"",
                "0",
                "-1",
                "null",
                "true",
                "1e400",
                "1E+99",
                "[]",
                "{}",
                (NOW + 60) + "000",
                Long.toString(NOW + 100L * 365 * 86_400),
                Long.toString(NOW + 86_401))) {
            all.add(arguments("exp " + exp, "bad_exp", hs256(HEADER, "{\"sub\":\"a\",\"exp\":" + exp + "}")));
        }
        all.add(arguments("long life since iat", "bad_exp", hs256(claims().put("iat", NOW - 86_400))));
        all.add(arguments("expired now", "token_expired", hs256(claims().put("exp", NOW))));
        all.add(arguments("expired", "token_expired", hs256(claims().put("exp", NOW - 10))));
        // J08
        all.add(arguments("nbf ahead", "token_not_yet_valid", hs256(claims().put("nbf", NOW + 31))));
        all.add(arguments("iat ahead", "token_not_yet_valid", hs256(claims().put("iat", NOW + 31))));
        all.add(arguments("nbf a text", "bad_nbf", hs256(claims().put("nbf", "now"))));
        all.add(arguments("iat a text", "bad_iat", hs256(claims().put("iat", "now"))));
        // J09
        all.add(arguments(
                "refresh token by typ",
                "bad_typ",
                hs256("{\"alg\":\"HS256\",\"typ\":\"refresh+jwt\"}", claims().encode())));
        for (Object type : List.of("refresh", "", "Access", 1, true)) {
            all.add(arguments("token_type " + type, "bad_token_type", hs256(claims().put("token_type", type))));
        }
        // J10
        all.add(arguments("no sub", "bad_sub", hs256(new JsonObject().put("exp", NOW + 60))));
        for (Object sub : List.of(
                "",
                "x".repeat(129),
                "x".repeat(2_000),
                "a\u0000b",
                "a\nb",
                "a\u0085b",
                "a:b",
                "*",
                "a*",
                7,
                true,
                "\ud800")) {
            all.add(arguments(
                    "sub no. " + all.size(),
                    "bad_sub",
                    hs256(
                            HEADER,
                            "{\"sub\":" + (sub instanceof String text ? quoted(text) : sub) + ",\"exp\":" + (NOW + 60)
                                    + "}")));
        }
        // the other claims
        all.add(arguments("name too long", "bad_name", hs256(claims().put("name", "x".repeat(129)))));
        all.add(arguments("name of controls", "bad_name", hs256(claims().put("name", "a\tb"))));
        all.add(arguments("client id a number", "bad_client_id", hs256(claims().put("client_id", 1))));
        all.add(arguments("jti too long", "bad_jti", hs256(claims().put("jti", "x".repeat(129)))));
        all.add(arguments("roles a text", "bad_roles", hs256(claims().put("roles", "admin"))));
        all.add(arguments("roles of numbers", "bad_roles", hs256(claims().put("roles", new JsonArray().add(1)))));
        all.add(arguments(
                "roles nested", "bad_roles", hs256(claims().put("roles", new JsonArray().add(new JsonArray())))));
        return all.stream();
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars()
                .forEach(c -> json.append(c < 0x20 || c > 0x7e ? String.format("\\u%04x", c) : Character.toString(c)));
        return json.append('"').toString();
    }

    /** The same bytes, written another way: the last character carries bits that count for nothing. */
    private static String loose(String token) {
        char last = token.charAt(token.length() - 1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return token.substring(0, token.length() - 1) + alphabet.charAt(alphabet.indexOf(last) | 1);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("wrong")
    @DisplayName("a wrong token is refused with 401 and a word that says why")
    void refused(String what, String code, String token) {
        assertThat(code(TestTokens.bySecret().verify(token))).isEqualTo(code);
    }

    @Test
    @DisplayName("the public key is no secret: a token signed with its text is refused")
    void keyConfusion() {
        KeyPair pair = pair("RSA", 2048);
        VerificationKey key = PemKey.key(TestTokens.pem(pair));
        for (byte[] secret : List.of(
                TestTokens.pem(pair).getBytes(StandardCharsets.UTF_8),
                pair.getPublic().getEncoded())) {
            String token = TestTokens.signed(
                    Algorithm.HS256, new SecretKeySpec(secret, "HmacSHA256"), HEADER, claims().encode());
            assertThat(code(TestTokens.verifier(key).verify(token))).isEqualTo("alg_not_allowed");
        }
    }

    @Test
    @DisplayName("J14: an ECDSA signature of zeros is by nobody")
    void zeroSignature() {
        KeyPair pair = pair("EC", 256);
        String body = encode("{\"alg\":\"ES256\"}") + "." + encode(claims().encode()) + ".";
        String zeros = body + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);
        assertThat(code(TestTokens.verifier(PemKey.key(TestTokens.pem(pair))).verify(zeros)))
                .isEqualTo("bad_signature");
    }

    @Test
    @DisplayName("issuer and audience, where they are configured")
    void parties() {
        ClaimRules rules = new ClaimRules("https://login", "muster", Duration.ofHours(24), ClaimRules.LEEWAY);
        Tokens tokens = new JwtTokens(() -> List.of(SecretText.key(TestTokens.SECRET)), rules, TestTokens.CLOCK);
        JsonObject right = claims().put("iss", "https://login").put("aud", "muster");
        assertThat(tokens.verify(hs256(right)).succeeded()).isTrue();
        assertThat(tokens.verify(hs256(
                                right.copy().put("aud", new JsonArray().add("x").add("muster"))))
                        .succeeded())
                .isTrue();
        assertThat(code(tokens.verify(hs256(right.copy().put("iss", "https://login/")))))
                .isEqualTo("bad_iss");
        assertThat(code(tokens.verify(hs256(claims().put("aud", "muster"))))).isEqualTo("bad_iss");
        assertThat(code(tokens.verify(hs256(right.copy().put("aud", "other"))))).isEqualTo("bad_aud");
        assertThat(code(tokens.verify(hs256(right.copy().put("aud", new JsonArray().add("muster2"))))))
                .isEqualTo("bad_aud");
        assertThat(code(tokens.verify(hs256(claims().put("iss", "https://login")))))
                .isEqualTo("bad_aud");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbf", "iat"})
    @DisplayName("clocks of issuers may be half a minute ahead")
    void leeway(String claim) {
        assertThat(TestTokens.bySecret()
                        .verify(hs256(claims().put(claim, NOW + 30)))
                        .succeeded())
                .isTrue();
    }

    @Test
    @DisplayName("the smallest times are fine: a second left, and exactly the longest life")
    void edges() {
        assertThat(TestTokens.bySecret()
                        .verify(hs256(claims().put("exp", NOW + 1)))
                        .succeeded())
                .isTrue();
        assertThat(TestTokens.bySecret()
                        .verify(hs256(claims().put("exp", NOW + 86_400)))
                        .succeeded())
                .isTrue();
        assertThat(TestTokens.bySecret()
                        .verify(hs256(HEADER, "{\"sub\":\"a\",\"exp\":" + NOW + ".9e0}"))
                        .failed())
                .isTrue();
        assertThat(TestTokens.bySecret()
                        .verify(hs256(HEADER, "{\"sub\":\"a\",\"exp\":" + (NOW + 9) + ".5}"))
                        .succeeded())
                .isTrue();
    }

    // ---- keys ----

    @Test
    @DisplayName("J16: a key counts from when it is in the set until it is out of it, without a restart")
    void rotation() {
        KeyPair one = pair("EC", 256);
        KeyPair two = pair("EC", 256);
        String byOne = TestTokens.signed(
                Algorithm.ES256, one.getPrivate(), "{\"alg\":\"ES256\",\"kid\":\"one\"}", claims().encode());
        String byTwo = TestTokens.signed(
                Algorithm.ES256, two.getPrivate(), "{\"alg\":\"ES256\",\"kid\":\"two\"}", claims().encode());
        AtomicLong nanos = new AtomicLong();
        AtomicReference<String> file = new AtomicReference<>(set(jwk(one, "one")));
        ReloadedKeys keys =
                new ReloadedKeys("test", () -> Future.succeededFuture(file.get()), Duration.ofMinutes(5), nanos::get);
        keys.tick();
        Tokens tokens = new JwtTokens(keys, TestTokens.RULES, TestTokens.CLOCK);
        assertThat(tokens.verify(byOne).succeeded()).isTrue();
        assertThat(code(tokens.verify(byTwo))).isEqualTo("unknown_key");
        file.set(set(jwk(one, "one"), jwk(two, "two")));
        assertThat(code(tokens.verify(byTwo))).as("asked again too soon").isEqualTo("unknown_key");
        nanos.addAndGet(ReloadedKeys.SHORTEST_PAUSE.toNanos());
        assertThat(tokens.verify(byTwo).succeeded()).as("looked again").isTrue();
        assertThat(tokens.verify(byOne).succeeded()).isTrue();
        file.set(set(jwk(two, "two")));
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        keys.tick();
        assertThat(code(tokens.verify(byOne))).isEqualTo("unknown_key");
        file.set("broken");
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        keys.tick();
        assertThat(tokens.verify(byTwo).succeeded())
                .as("a broken set changes nothing")
                .isTrue();
    }

    private static String set(JsonObject... keys) {
        JsonArray all = new JsonArray();
        List.of(keys).forEach(all::add);
        return new JsonObject().put("keys", all).encode();
    }

    @Test
    @DisplayName("of a key set only what verifies signatures is used")
    void keySet() {
        JsonObject good = jwk(pair("RSA", 2048), "good");
        String mixed = set(
                good,
                jwk(pair("RSA", 1024), "short"),
                jwk(pair("RSA", 2048), "enc").put("use", "enc"),
                jwk(pair("RSA", 2048), "private").put("d", "AQAB"),
                jwk(pair("RSA", 2048), "other").put("alg", "PS256"),
                jwk(pair("EC", 256), "wrong").put("alg", "ES384"),
                jwk(pair("EC", 256), "off curve").put("x", "AAAA"),
                new JsonObject().put("kty", "oct").put("k", "c2VjcmV0").put("kid", "secret"),
                new JsonObject().put("kty", "OKP").put("crv", "X25519").put("x", "AAAA"));
        assertThat(KeySet.parse(mixed)).extracting(VerificationKey::id).containsExactly("good");
        for (String broken : List.of("", "{}", "[]", "{\"keys\":{}}", "{\"keys\":[]}", "{\"keys\":[1,null,\"x\"]}")) {
            assertThatThrownBy(() -> KeySet.parse(broken))
                    .as(broken)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("must hold");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "changeme",
                "0123456789012345678901234567890",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "secretsecretsecretsecretsecretsecret",
                "changeme-changeme-changeme-changeme",
                "your-secret-change-me-0123456789!!",
                "abcdabcdabcdabcdabcdabcdabcdabcdabcd"
            })
    @DisplayName("J15: a secret that is short or known is refused, and not repeated in the complaint")
    void weakSecrets(String secret) {
        assertThatThrownBy(() -> SecretText.key(secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must");
    }

    @Test
    @DisplayName("a node is never given a private key")
    void privateKey() {
        assertThatThrownBy(() -> PemKey.key("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"))
                .hasMessageContaining("public key");
        assertThatThrownBy(() -> PemKey.key("nothing")).hasMessageStartingWith("must hold");
        assertThatThrownBy(() -> PemKey.key(TestTokens.pem(pair("RSA", 1024)))).hasMessageContaining("2048");
    }

    // ---- whatever comes ----

    @Property(tries = 2_000)
    void nothingEscapes(@ForAll String header, @ForAll String payload, @ForAll String rest) {
        Tokens tokens = TestTokens.bySecret();
        assertThat(tokens.verify(rest).cause()).isInstanceOf(Refusal.class);
        assertThat(tokens.verify(header + "." + payload + "." + rest).cause()).isInstanceOf(Refusal.class);
        assertThat(tokens.verify(hs256(header, payload)).cause()).isInstanceOf(Refusal.class);
        assertThat(tokens.verify(hs256(HEADER, payload)).cause()).isInstanceOf(Refusal.class);
    }
}

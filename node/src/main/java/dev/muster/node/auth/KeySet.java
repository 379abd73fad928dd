package dev.muster.node.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a JSON Web Key Set, RFC 7517 §5. Keys of other kinds and for other uses are left out, as §5 says. */
final class KeySet {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** RFC 8410 §4: what stands in front of the 32 bytes of an Ed25519 key. */
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int ED25519_BYTES = 32;

    private KeySet() {}

    /**
     * The keys that can verify signatures.
     *
     * @throws IllegalArgumentException if it is no key set, or if none of its keys is of use
     */
    static List<VerificationKey> parse(String text) {
        JsonNode keys;
        try {
            keys = JSON.readTree(text).path("keys");
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("must hold a JSON object with an array \"keys\"", malformed);
        }
        if (!keys.isArray()) {
            throw new IllegalArgumentException("must hold a JSON object with an array \"keys\"");
        }
        List<VerificationKey> found = new ArrayList<>();
        for (JsonNode key : keys) {
            VerificationKey one = key(key);
            if (one != null) {
                found.add(one);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("must hold at least one key for signatures that is RSA, EC or Ed25519");
        }
        return List.copyOf(found);
    }

    private static @Nullable VerificationKey key(JsonNode jwk) {
        String use = jwk.path("use").asText("sig");
        if (!use.equals("sig") || jwk.has("d")) {
            return null;
        }
        try {
            PublicKey key = publicKey(jwk);
            if (key == null) {
                return null;
            }
            Algorithm algorithm =
                    jwk.hasNonNull("alg") ? Algorithm.named(jwk.get("alg").asText()) : Algorithm.of(key);
            String id = jwk.path("kid").asText("");
            return algorithm == null || !algorithm.fits(key)
                    ? null
                    : new VerificationKey(id.isEmpty() ? null : id, algorithm, key);
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            return null;
        }
    }

    private static @Nullable PublicKey publicKey(JsonNode jwk) throws GeneralSecurityException {
        return switch (jwk.path("kty").asText()) {
            case "RSA" ->
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
            case "EC" -> {
                ECParameterSpec curve = curve(jwk.path("crv").asText());
                ECPoint point = onCurve(new ECPoint(number(jwk, "x"), number(jwk, "y")), curve.getCurve());
                yield KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve));
            }
            case "OKP" -> jwk.path("crv").asText().equals("Ed25519") ? ed25519(bytes(jwk, "x")) : null;
            default -> null;
        };
    }

    private static ECParameterSpec curve(String name) throws GeneralSecurityException {
        String jca = switch (name) {
            case "P-256" -> "secp256r1";
            case "P-384" -> "secp384r1";
            case "P-521" -> "secp521r1";
            default -> throw new IllegalArgumentException("another curve");
        };
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(jca));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    /** The JDK takes any two numbers for a key. */
    private static ECPoint onCurve(ECPoint point, EllipticCurve curve) {
        BigInteger p = ((ECFieldFp) curve.getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger right = x.modPow(BigInteger.valueOf(3), p)
                .add(curve.getA().multiply(x))
                .add(curve.getB())
                .mod(p);
        if (x.compareTo(p) >= 0
                || point.getAffineY().compareTo(p) >= 0
                || !point.getAffineY().modPow(BigInteger.TWO, p).equals(right)) {
            throw new IllegalArgumentException("the point is not on the curve");
        }
        return point;
    }

    private static PublicKey ed25519(byte[] x) throws GeneralSecurityException {
        if (x.length != ED25519_BYTES) {
            throw new IllegalArgumentException("an Ed25519 key has 32 bytes");
        }
        byte[] encoded = new byte[ED25519.length + x.length];
        System.arraycopy(ED25519, 0, encoded, 0, ED25519.length);
        System.arraycopy(x, 0, encoded, ED25519.length, x.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    private static BigInteger number(JsonNode jwk, String member) {
        return new BigInteger(1, bytes(jwk, member));
    }

    private static byte[] bytes(JsonNode jwk, String member) {
        return Base64.getUrlDecoder().decode(jwk.path(member).asText());
    }
}

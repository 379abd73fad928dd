package dev.muster.node.auth;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** How tokens are signed, RFC 7518 §3.1 and RFC 8037. What is not here is not accepted. */
enum Algorithm {
    HS256("HS256", "HmacSHA256"),
    RS256("RS256", "SHA256withRSA"),
    RS384("RS384", "SHA384withRSA"),
    RS512("RS512", "SHA512withRSA"),
    // The form of §3.4, two numbers one behind the other, not the DER that is usual elsewhere.
    ES256("ES256", "SHA256withECDSAinP1363Format"),
    ES384("ES384", "SHA384withECDSAinP1363Format"),
    ES512("ES512", "SHA512withECDSAinP1363Format"),
    EDDSA("EdDSA", "Ed25519");

    /** RFC 7518 §3.3: shorter ones can be broken. */
    static final int MIN_RSA_BITS = 2048;

    private final String text;
    private final String jca;

    Algorithm(String text, String jca) {
        this.text = text;
        this.jca = jca;
    }

    /** As in a token's header; names are case-sensitive there. */
    String text() {
        return text;
    }

    /** The one that a header names; null for any other word. */
    static @Nullable Algorithm named(String text) {
        for (Algorithm algorithm : values()) {
            if (algorithm.text.equals(text)) {
                return algorithm;
            }
        }
        return null;
    }

    /** The one that a public key is for, unless something else is said. */
    static Algorithm of(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            if (rsa.getModulus().bitLength() < MIN_RSA_BITS) {
                throw new IllegalArgumentException("an RSA key needs at least " + MIN_RSA_BITS + " bits");
            }
            return RS256;
        }
        if (key instanceof ECPublicKey ec) {
            return switch (ec.getParams().getOrder().bitLength()) {
                case 256 -> ES256;
                case 384 -> ES384;
                case 521 -> ES512;
                default -> throw new IllegalArgumentException("the curve must be P-256, P-384 or P-521");
            };
        }
        if (key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519")) {
            return EDDSA;
        }
        throw new IllegalArgumentException("the key must be RSA, EC or Ed25519");
    }

    /** Whether it may be used with a key: RSA keys go with three algorithms, all others with one. */
    boolean fits(PublicKey key) {
        Algorithm usual = of(key);
        return usual == this || usual == RS256 && (this == RS384 || this == RS512);
    }

    /** Whether {@code signature} was made of {@code signed} with the key, or with its private half. */
    boolean verifies(Key key, byte[] signed, byte[] signature) {
        try {
            if (key instanceof SecretKey secret) {
                return MessageDigest.isEqual(mac(secret, signed), signature);
            }
            Signature verifier = Signature.getInstance(jca);
            verifier.initVerify((PublicKey) key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    /** Signs with a secret or a private key. */
    byte[] sign(Key key, byte[] bytes) throws GeneralSecurityException {
        if (key instanceof SecretKey secret) {
            return mac(secret, bytes);
        }
        Signature signer = Signature.getInstance(jca);
        signer.initSign((PrivateKey) key);
        signer.update(bytes);
        return signer.sign();
    }

    private byte[] mac(SecretKey secret, byte[] bytes) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(jca);
        mac.init(secret);
        return mac.doFinal(bytes);
    }
}

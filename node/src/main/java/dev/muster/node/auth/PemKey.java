package dev.muster.node.auth;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** A public key as PEM, {@code -----BEGIN PUBLIC KEY-----}. */
final class PemKey {

    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    private PemKey() {}

    /**
     * The key.
     *
     * @throws IllegalArgumentException says what the file must hold
     */
    static VerificationKey key(String pem) {
        if (pem.contains("PRIVATE KEY")) {
            throw new IllegalArgumentException("must hold the public key: a node never needs the private one");
        }
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin || pem.indexOf(BEGIN, begin + 1) >= 0) {
            throw new IllegalArgumentException("must hold one public key as PEM, " + BEGIN);
        }
        PublicKey key = decode(pem.substring(begin + BEGIN.length(), end));
        return new VerificationKey(null, Algorithm.of(key), key);
    }

    private static PublicKey decode(String base64) {
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("must hold one public key as PEM, " + BEGIN, malformed);
        }
        for (String kind : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException another) {
                // The encoding says which kind it is, but only to the factory of that kind.
            }
        }
        throw new IllegalArgumentException("must hold a key that is RSA, EC or Ed25519");
    }
}

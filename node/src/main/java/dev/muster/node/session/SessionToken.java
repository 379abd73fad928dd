package dev.muster.node.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows to go on with its session: the session's id, a dot, and a secret of 128 bits. Who has it is the
 * client, so it is never logged, and the registry keeps only a hash of the secret.
 *
 * @param sessionId the id of the session, and of its connections
 * @param secret 22 characters of {@code [A-Za-z0-9_-]}
 */
record SessionToken(String sessionId, String secret) {

    private static final int SECRET_BYTES = 16;
    private static final int SECRET_CHARACTERS = 22;
    private static final int MAX_ID = 26;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new secret for a session. */
    static SessionToken fresh(String sessionId) {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return new SessionToken(
                sessionId, Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** Reads what {@link #text} wrote; null if it is anything else. */
    static @Nullable SessionToken parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 1 || dot > MAX_ID || text.length() != dot + 1 + SECRET_CHARACTERS) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            if (i != dot && !isIdCharacter(text.charAt(i))) {
                return null;
            }
        }
        return new SessionToken(text.substring(0, dot), text.substring(dot + 1));
    }

    private static boolean isIdCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    /** As the client gets it. */
    String text() {
        return sessionId + '.' + secret;
    }

    /** What is kept of the secret. */
    String hash() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Whether {@code hash} was made of this secret; takes the same time for every answer. */
    boolean fits(String hash) {
        return MessageDigest.isEqual(
                hash().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "SessionToken[" + sessionId + "]";
    }
}

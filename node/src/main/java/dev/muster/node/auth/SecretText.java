package dev.muster.node.auth;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The text that tokens are signed with, if it is one that nobody can guess. */
public final class SecretText {

    /** RFC 7518 §3.2: as long as the hash, else the secret is what gets broken. */
    static final int MIN_BYTES = 32;

    private static final int MIN_CHARACTERS = 5;

    /** Words of which examples, and people in a hurry, make what stands where a secret should be. */
    private static final Pattern KNOWN =
            Pattern.compile("(secret|changeme|changeit|change|password|example|default|please|super|token|your|jwt|test"
                    + "|this|dev|key|my|me|is|it|the|very|long)+");

    private SecretText() {}

    /**
     * The key.
     *
     * @throws IllegalArgumentException with the complaint
     */
    static VerificationKey key(String secret) {
        String wrong = complaint(secret);
        if (wrong != null) {
            throw new IllegalArgumentException(wrong);
        }
        return new VerificationKey(
                null, Algorithm.HS256, new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    }

    /** What a secret must be, to follow its option's name, if this one is not; never what this one is. */
    public static @Nullable String complaint(String secret) {
        int bytes = secret.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < MIN_BYTES) {
            return "must have at least " + MIN_BYTES + " bytes, but has " + bytes;
        }
        return isKnown(secret) ? "must not be a word from an example, or one thing repeated" : null;
    }

    /** Made of known words and no other letters, of few characters, or of one thing again and again. */
    private static boolean isKnown(String secret) {
        String lower = secret.toLowerCase(Locale.ROOT);
        return lower.chars().distinct().count() < MIN_CHARACTERS
                || KNOWN.matcher(lower.replaceAll("[^a-z]", "")).matches()
                || period(lower) <= lower.length() / 2;
    }

    /** The length of the shortest text of which this one is a repetition. */
    private static int period(String text) {
        for (int length = 1; length <= text.length() / 2; length++) {
            int at = length;
            while (at < text.length() && text.charAt(at) == text.charAt(at - length)) {
                at++;
            }
            if (at == text.length()) {
                return length;
            }
        }
        return text.length();
    }
}

package dev.muster.node.auth;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the keys of tokens come from; exactly one of the first four is given.
 *
 * @param secret for HS256
 * @param secretFile holds the secret; blanks and line ends around it do not count
 * @param keyFile a public key as PEM
 * @param keySet a JSON Web Key Set: a file, or a URL
 * @param reload how often the key set is read again
 * @param rules what the claims have to say
 */
public record TokenSettings(
        @Nullable String secret,
        @Nullable String secretFile,
        @Nullable String keyFile,
        @Nullable String keySet,
        Duration reload,
        ClaimRules rules) {

    private static final Logger LOG = LoggerFactory.getLogger(TokenSettings.class);

    /**
     * Reads the keys. A key set at a URL is read later, everything else now.
     *
     * @param complain makes the exception for what is wrong: given the option's name and what it must be
     */
    public Tokens load(Vertx vertx, Clock clock, LongSupplier nanoTime, Complaint complain) {
        if (secret != null) {
            return fixed(secret, "jwt-secret", SecretText::key, complain, clock);
        }
        if (secretFile != null) {
            return fixed(secretFile, "jwt-secret-file", TokenSettings::fileOfSecret, complain, clock);
        }
        if (keyFile != null) {
            return fixed(keyFile, "jwt-key-file", file -> PemKey.key(KeySource.file(file)), complain, clock);
        }
        if (keySet == null) {
            throw complain.about("auth", "must be dev without a key");
        }
        return new JwtTokens(keySet(keySet, vertx, nanoTime, complain), rules, clock);
    }

    /** Makes an exception of an option's name and what it must be. */
    @FunctionalInterface
    public interface Complaint {
        /** The exception. */
        RuntimeException about(String option, String must);
    }

    private JwtTokens fixed(
            String from, String option, Function<String, VerificationKey> read, Complaint complain, Clock clock) {
        try {
            List<VerificationKey> one = List.of(read.apply(from));
            return new JwtTokens(() -> one, rules, clock);
        } catch (IllegalArgumentException wrong) {
            throw complain.about(option, String.valueOf(wrong.getMessage()));
        }
    }

    private static VerificationKey fileOfSecret(String file) {
        VerificationKey key = SecretText.key(KeySource.file(file).strip());
        if (KeySource.isOpenToAll(file)) {
            LOG.warn(
                    "The secret in {} can be read by every user of this machine, who can then make tokens: chmod 600",
                    file);
        }
        return key;
    }

    private Keys keySet(String source, Vertx vertx, LongSupplier nanoTime, Complaint complain) {
        if (KeySource.isUrl(source)) {
            HttpClient client = KeySource.client(vertx);
            ReloadedKeys keys = new ReloadedKeys(source, () -> KeySource.get(client, source), reload, nanoTime);
            keys.tick();
            return keys;
        }
        ReloadedKeys keys = new ReloadedKeys(source, () -> KeySource.fileLater(vertx, source), reload, nanoTime);
        try {
            keys.begin(KeySource.file(source));
        } catch (IllegalArgumentException wrong) {
            throw complain.about("jwt-jwks", String.valueOf(wrong.getMessage()));
        }
        return keys;
    }
}

package dev.muster.node.config;

import dev.muster.node.auth.SecretText;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the keys of tokens come from, and what tokens have to say. At most one of the first four is given.
 *
 * @param secret for HS256
 * @param secretFile holds the secret
 * @param keyFile a public key as PEM
 * @param keySet a JSON Web Key Set, as a file or a URL
 * @param reload how often the key set is read again
 * @param issuer the {@code iss} that tokens must have; null for any
 * @param audience the {@code aud} that tokens must have; null for any
 * @param maxLifetime how long a token may live
 */
public record TokenOptions(
        @Nullable String secret,
        @Nullable String secretFile,
        @Nullable String keyFile,
        @Nullable String keySet,
        Duration reload,
        @Nullable String issuer,
        @Nullable String audience,
        Duration maxLifetime) {

    static final Range<Duration> RELOAD = new Range<>("jwt-jwks-reload", Duration.ofSeconds(1), Duration.ofHours(24));
    static final Range<Duration> MAX_LIFETIME =
            new Range<>("jwt-max-lifetime", Duration.ofMinutes(1), Duration.ofDays(365));

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** No key; key sets are read every five minutes, tokens live a day at most. */
    public static final TokenOptions DEFAULT =
            new TokenOptions(null, null, null, null, Duration.ofMinutes(5), null, null, Duration.ofHours(24));

    public TokenOptions {
        RELOAD.check(reload);
        MAX_LIFETIME.check(maxLifetime);
        Map<String, @Nullable String> sources = new LinkedHashMap<>();
        sources.put("jwt-secret", secret);
        sources.put("jwt-secret-file", secretFile);
        sources.put("jwt-key-file", keyFile);
        sources.put("jwt-jwks", keySet);
        sources.values().removeIf(source -> source == null);
        if (sources.size() > 1) {
            String[] names = sources.keySet().toArray(new String[0]);
            throw new InvalidOption(names[1], "and --" + names[0] + " are both given, but there is one kind of key");
        }
        if (secret != null) {
            String complaint = SecretText.complaint(secret);
            if (complaint != null) {
                throw new InvalidOption("jwt-secret", complaint);
            }
        }
        if (keySet != null && keySet.startsWith("http://") && !isLoopback(keySet)) {
            throw new InvalidOption(
                    "jwt-jwks", "must be https:// if it is on another machine: who can change the keys makes tokens");
        }
    }

    private static boolean isLoopback(String url) {
        try {
            return LOOPBACK.contains(String.valueOf(URI.create(url).getHost()));
        } catch (IllegalArgumentException malformed) {
            throw new InvalidOption("jwt-jwks", "must be a file or a URL, but is \"" + Form.shown(url) + '"');
        }
    }

    /** Whether there is a key. */
    public boolean hasKey() {
        return secret != null || secretFile != null || keyFile != null || keySet != null;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "TokenOptions[" + (hasKey() ? "with a key" : "without a key") + "]";
    }
}

package dev.muster.node.auth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a token's claims have to say.
 *
 * @param issuer the {@code iss} they must have; null for any
 * @param audience one of the {@code aud} they must have; null for any
 * @param maxLifetime how long after its making, and after now, a token may end
 * @param leeway how far clocks of issuers may be ahead of ours
 */
public record ClaimRules(@Nullable String issuer, @Nullable String audience, Duration maxLifetime, Duration leeway) {

    /** Clocks that are kept by NTP differ by much less. */
    public static final Duration LEEWAY = Duration.ofSeconds(30);
}

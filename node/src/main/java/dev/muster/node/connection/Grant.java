package dev.muster.node.connection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The token that let a connection in: until when it holds, and how it can be named to take it back.
 *
 * @param tokenId the token's own id; null if it has none
 * @param issuedAt when it was made, to the second; null if it does not say
 * @param expiresAt from when it holds no more
 */
public record Grant(@Nullable String tokenId, @Nullable Instant issuedAt, Instant expiresAt) {}

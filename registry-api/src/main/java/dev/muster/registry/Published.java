package dev.muster.registry;

import org.jspecify.annotations.Nullable;

/**
 * The registry's answer to a publish.
 *
 * @param position where the publication is; null for a fast one
 * @param duplicate true if the message id had been published before: {@code position} is the first one's, and nothing
 *     was published now
 */
public record Published(@Nullable Position position, boolean duplicate) {}

package dev.muster.node.sync.component;

import dev.muster.node.shape.Length;

/**
 * The id of an entity in another system.
 *
 * @param id opaque
 */
public record ExternalId(@Length(min = 1, max = 255) String id) {}

package dev.muster.node.sync.component;

import dev.muster.node.shape.Length;

/**
 * What an entity was made after, in words of the application: a prefab, a kind.
 *
 * @param id opaque
 */
public record Template(@Length(min = 1, max = 255) String id) {}

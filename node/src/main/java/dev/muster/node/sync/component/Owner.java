package dev.muster.node.sync.component;

import dev.muster.node.shape.Length;

/**
 * Whose an entity is.
 *
 * @param user the id of a user
 */
public record Owner(@Length(min = 1, max = 128) String user) {}

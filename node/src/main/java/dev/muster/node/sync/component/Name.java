package dev.muster.node.sync.component;

import dev.muster.node.shape.Length;

/**
 * What people call an entity.
 *
 * @param name any text
 */
public record Name(@Length(max = 200) String name) {}

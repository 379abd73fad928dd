package dev.muster.node.sync.component;

import dev.muster.node.sync.Entity;

/**
 * The entity that an entity belongs to. It may be gone by now: children outlive their parent.
 *
 * @param parent not the entity itself, nor one of its descendants
 */
public record Parent(Entity parent) {}

package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;

/**
 * What subscribers are told of one after another: a component of an entity.
 *
 * @param component empty for the entity as a whole
 */
record Key(Entity entity, String component) {

    @Override
    public int hashCode() {
        return Long.hashCode(entity.bits() * 0x9E3779B97F4A7C15L) * 31 + component.hashCode();
    }
}

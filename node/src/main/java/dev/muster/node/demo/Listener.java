package dev.muster.node.demo;

import dev.muster.node.sync.ComponentWatcher;
import dev.muster.node.sync.Entity;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A watcher of two parts.
 *
 * @param set what to do about one that was set
 * @param removed and about one that is gone
 */
record Listener<C extends Record>(BiConsumer<Entity, C> set, Consumer<Entity> removed) implements ComponentWatcher<C> {

    @Override
    public void onSet(Entity entity, C component, long revision) {
        set.accept(entity, component);
    }

    @Override
    public void onRemoved(Entity entity) {
        removed.accept(entity);
    }
}

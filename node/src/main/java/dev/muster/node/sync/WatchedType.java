package dev.muster.node.sync;

/** Turns a replica's changes into those of one type. */
record WatchedType<C extends Record>(ComponentType<C> type, ComponentWatcher<C> watcher) implements ReplicaListener {

    @Override
    public void onSet(EntityState entity, ComponentState component, boolean isNew) {
        if (component.type() == type) {
            watcher.onSet(entity.entity(), type.decode(component.bytes()), component.revision());
        }
    }

    @Override
    public void onRemoved(EntityState entity, ComponentState component) {
        if (component.type() == type) {
            watcher.onRemoved(entity.entity());
        }
    }

    @Override
    public void onDespawned(EntityState entity) {
        if (entity.component(type.name()) != null) {
            watcher.onRemoved(entity.entity());
        }
    }
}

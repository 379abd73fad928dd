package dev.muster.node.sync;

/**
 * Hears of the changes of a replica, in their order, on its loop. Whether a change came by itself or was found when the
 * replica was loaded again makes no difference. One that throws is logged, and the others go on.
 */
public interface ReplicaListener {

    /** An entity came to be; its components follow. */
    default void onSpawned(EntityState entity) {}

    /**
     * A component was set.
     *
     * @param isNew whether the entity did not have it
     */
    void onSet(EntityState entity, ComponentState component, boolean isNew);

    /**
     * A component was taken from an entity that goes on.
     *
     * @param component as it was
     */
    void onRemoved(EntityState entity, ComponentState component);

    /**
     * An entity is gone, with all its components; nothing else tells of them.
     *
     * @param entity as it was
     */
    void onDespawned(EntityState entity);
}

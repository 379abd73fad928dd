package dev.muster.node.sync;

/**
 * Hears of the components of one type. On the loop of the node's replica; must not block.
 *
 * @param <C> the record
 */
public interface ComponentWatcher<C extends Record> {

    /**
     * A component was set.
     *
     * @param revision greater for each change of the space
     */
    void onSet(Entity entity, C component, long revision);

    /** An entity does not have the component any more, or is gone itself. */
    void onRemoved(Entity entity);
}

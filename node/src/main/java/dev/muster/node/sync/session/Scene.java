package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;

/** What there is in a space now, as this node knows it. On the space's loop. */
interface Scene extends Filter.Looking {

    /** Takes components. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param bytes the value in bincode, not to be modified
         */
        void visit(String component, byte[] bytes, long revision);
    }

    boolean exists(Entity entity);

    /** Shows all components of an entity; none if it does not exist. */
    void components(Entity entity, Visitor visitor);

    /** Shows one component, if it is there. */
    void component(Entity entity, String component, Visitor visitor);

    boolean has(Entity entity, String component);

    /** Whether any entity has such a component, or this node has it registered. */
    boolean knows(String component);

    /** All entities that have a component, or all there are, in ascending order of their bits. */
    long[] entities(String component);
}

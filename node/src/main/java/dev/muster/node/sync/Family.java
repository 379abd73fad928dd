package dev.muster.node.sync;

import dev.muster.node.sync.component.Parent;
import org.jspecify.annotations.Nullable;

/** Parents and children, as a replica knows them. */
final class Family {

    /** Ancestors looked at: a chain that is longer is taken for a circle. */
    private static final int MAX_DEPTH = 1_000;

    private Family() {}

    static @Nullable Entity parentOf(EntityState entity) {
        ComponentState component = entity.component(Children.PARENT);
        return component == null ? null : Children.named(component);
    }

    /**
     * Refuses a parent that is the entity itself or one of its descendants.
     *
     * @param entity {@link Entity#NEW} for one that is still to be made
     */
    static void check(Replica replica, Entity entity, Parent parent) {
        Entity next = parent.parent();
        for (int depth = 0; next != null; depth++) {
            if (next.equals(entity) || depth == MAX_DEPTH) {
                throw new SyncException(
                        Status.VALIDATION_ERROR, "Parent: parent must not be the entity itself nor a descendant of it");
            }
            EntityState state = replica.find(next);
            next = state == null ? null : parentOf(state);
        }
    }
}

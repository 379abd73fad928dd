package dev.muster.node.sync;

import dev.muster.node.connection.Identity;
import org.jspecify.annotations.Nullable;

/** Decides what clients may change. On the loop of the replica; must not block. */
@FunctionalInterface
public interface MutationPolicy {

    /** Everybody may change everything. */
    MutationPolicy ALLOW = mutation -> true;

    /** No client may change anything. */
    MutationPolicy DENY = mutation -> false;

    /** What a client wants to do. */
    enum Action {
        /** Make an entity with this component. */
        SPAWN,
        /** Set a component. */
        SET,
        /** Take a component away. */
        REMOVE,
        /** End an entity. */
        DESPAWN,
        /** Have an entity for oneself, or give it back. */
        CONTROL
    }

    /**
     * A wish.
     *
     * @param identity who
     * @param connectionId on which connection
     * @param space where
     * @param action what
     * @param entity to what; {@link Entity#NEW} for one to be spawned
     * @param state the entity as it is now; null if there is none
     * @param component the name of the component; null if it is about the whole entity
     * @param value what it is to be; null if it is not set
     */
    record Mutation(
            Identity identity,
            String connectionId,
            String space,
            Action action,
            Entity entity,
            @Nullable EntityState state,
            @Nullable String component,
            @Nullable Record value) {}

    /** Whether that is allowed. */
    boolean allows(Mutation mutation);
}

package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.MutationPolicy;
import dev.muster.node.sync.MutationPolicy.Action;
import dev.muster.node.sync.MutationPolicy.Mutation;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.SyncException;
import org.jspecify.annotations.Nullable;

/** What clients may do in a space. */
record Rights(String space, MutationPolicy policy) {

    /**
     * Asks the policy; for the parameters see {@link Mutation}.
     *
     * @throws SyncException FORBIDDEN if it says no
     */
    void check(
            SyncSession session,
            Action action,
            Entity entity,
            @Nullable EntityState state,
            @Nullable String component,
            @Nullable Record value) {
        boolean allowed = policy.allows(new Mutation(
                session.connection().identity(),
                session.connection().id(),
                space,
                action,
                entity,
                state,
                component,
                value));
        if (!allowed) {
            throw new SyncException(Status.FORBIDDEN, "this is not allowed");
        }
    }
}

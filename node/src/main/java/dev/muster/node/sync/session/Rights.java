package dev.muster.node.sync.session;

import dev.muster.node.connection.Connection;
import dev.muster.node.sync.ComponentType;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.MutationPolicy;
import dev.muster.node.sync.MutationPolicy.Action;
import dev.muster.node.sync.MutationPolicy.Mutation;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.component.EntityControl;
import dev.muster.registry.Limits;
import org.jspecify.annotations.Nullable;

/**
 * What clients may do in a space, over whatever wire. On the space's loop.
 *
 * @param space its name
 * @param policy says who may change what
 */
public record Rights(String space, MutationPolicy policy) {

    /**
     * Asks the policy; for the parameters see {@link Mutation}.
     *
     * @throws SyncException FORBIDDEN if it says no
     */
    public void check(
            Connection connection,
            Action action,
            Entity entity,
            @Nullable EntityState state,
            @Nullable String component,
            @Nullable Record value) {
        boolean allowed = policy.allows(
                new Mutation(connection.identity(), connection.id(), space, action, entity, state, component, value));
        if (!allowed) {
            throw new SyncException(Status.FORBIDDEN, "this is not allowed");
        }
    }

    /**
     * Looks whether nobody else has an entity.
     *
     * @throws SyncException FORBIDDEN if somebody has taken it
     */
    public static void checkFree(Connection connection, EntityState entity) {
        EntityControl control = Controls.controlOf(entity);
        if (control != null && !control.holder().equals(connection.id())) {
            throw new SyncException(
                    Status.FORBIDDEN,
                    "entity " + entity.entity() + " is controlled by client "
                            + Integer.toUnsignedString(control.client()));
        }
    }

    /**
     * A component that clients may set, if the policy lets them.
     *
     * @throws SyncException NOT_FOUND if there is none of this name, FORBIDDEN for the one that says who has an entity
     */
    public static ComponentType<?> settable(Sync sync, String component) {
        refuseControl(component);
        ComponentType<?> type = sync.find(component);
        if (type == null) {
            throw new SyncException(Status.NOT_FOUND, "no component is called " + Limits.shown(component));
        }
        return type;
    }

    static void refuseControl(String component) {
        if (component.equals(Controls.CONTROL)) {
            throw new SyncException(Status.FORBIDDEN, Controls.CONTROL + " is changed by taking and releasing only");
        }
    }
}

package dev.muster.node.sync.external;

import dev.muster.node.sync.ComponentState;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.Replica;
import dev.muster.node.sync.ReplicaListener;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.component.ExternalId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which entity has which {@link ExternalId}, so that nobody has to look through a space for one. If several have the same,
 * it is that of the one that got it first in the order of the space's changes: so all nodes agree. Every other entity is
 * called by its number. On the replica's loop.
 */
final class ExternalIds implements ReplicaListener {

    static final String COMPONENT = ExternalId.class.getSimpleName();

    private final Replica replica;
    private final Map<String, Entity> owners = new HashMap<>();
    /** All who have an id that several have. */
    private final Map<String, Set<Entity>> shared = new HashMap<>();

    private final Map<Entity, String> ids = new LinkedHashMap<>();

    ExternalIds(Replica replica) {
        this.replica = replica;
    }

    /** Takes in what is there; what comes is told to it as a listener. */
    void begin() {
        replica.forEach(COMPONENT, component -> take(component.entity().entity(), component));
    }

    // ---- asking ----

    /** The entity that is called so. */
    @Nullable
    Entity find(String id) {
        Entity owner = owners.get(id);
        if (owner != null) {
            return owner;
        }
        try {
            Entity number = Entity.parse(id);
            return replica.find(number) != null && nameOf(number).equals(id) ? number : null;
        } catch (IllegalArgumentException noNumber) {
            return null;
        }
    }

    /** What an entity is called. */
    String nameOf(Entity entity) {
        String id = ids.get(entity);
        return id != null && entity.equals(owners.get(id)) ? id : entity.toString();
    }

    /** Each entity: first those that have an id. */
    void forEach(Consumer<EntityState> action) {
        for (Entity entity : ids.keySet()) {
            EntityState state = replica.find(entity);
            if (state != null) {
                action.accept(state);
            }
        }
        replica.forEach(state -> {
            if (!ids.containsKey(state.entity())) {
                action.accept(state);
            }
        });
    }

    // ---- following ----

    @Override
    public void onSet(EntityState entity, ComponentState component, boolean isNew) {
        if (component.name().equals(COMPONENT)) {
            if (!isNew) {
                drop(entity.entity());
            }
            take(entity.entity(), component);
        }
    }

    @Override
    public void onRemoved(EntityState entity, ComponentState component) {
        if (component.name().equals(COMPONENT)) {
            drop(entity.entity());
        }
    }

    @Override
    public void onDespawned(EntityState entity) {
        drop(entity.entity());
    }

    private void take(Entity entity, ComponentState component) {
        String id = idIn(component);
        if (id == null) {
            return;
        }
        ids.put(entity, id);
        Entity owner = owners.putIfAbsent(id, entity);
        if (owner != null && !owner.equals(entity)) {
            shared.computeIfAbsent(id, first -> new LinkedHashSet<>(Set.of(owner)))
                    .add(entity);
            if (isBefore(entity, owner)) {
                owners.put(id, entity);
            }
        }
    }

    private static @Nullable String idIn(ComponentState component) {
        try {
            return component.as(ExternalId.class).id();
        } catch (SyncException otherBytes) {
            // Of a program that has another record of that name.
            return null;
        }
    }

    private void drop(Entity entity) {
        String id = ids.remove(entity);
        if (id == null) {
            return;
        }
        Set<Entity> all = shared.get(id);
        if (all == null) {
            owners.remove(id);
            return;
        }
        all.remove(entity);
        if (entity.equals(owners.get(id))) {
            owners.put(id, first(all));
        }
        if (all.size() == 1) {
            shared.remove(id);
        }
    }

    private Entity first(Set<Entity> some) {
        Entity first = some.iterator().next();
        for (Entity other : some) {
            first = isBefore(other, first) ? other : first;
        }
        return first;
    }

    private boolean isBefore(Entity one, Entity other) {
        int byRevision = Long.compareUnsigned(revision(one), revision(other));
        return byRevision != 0 ? byRevision < 0 : one.compareTo(other) < 0;
    }

    private long revision(Entity entity) {
        EntityState state = replica.find(entity);
        ComponentState component = state == null ? null : state.component(COMPONENT);
        // One that is being despawned together with others is not there any more.
        return component == null ? -1 : component.revision();
    }
}

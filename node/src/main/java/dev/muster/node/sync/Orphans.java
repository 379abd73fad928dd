package dev.muster.node.sync;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import java.util.List;

/**
 * Removes from the registry the components of entities that are gone: those set while their entity was despawned, and those
 * whose despawn was broken off. Every node that has a replica does so, and the first one does it: the others expect a
 * revision that is no more. On the replica's loop.
 */
final class Orphans {

    /** Ticks between two looks; an orphan has been one for that long at least, so that nobody is at work on it. */
    private static final int EVERY_TICKS = 10;

    /** Removals in one go: a registry that has better things to do must not notice. */
    private static final int MAX_REMOVALS = 1_000;

    private final String group;
    private final ConnectionRegistry registry;
    private final ReplicaTable table;
    private List<EntityState> suspects = List.of();
    private int ticks;

    Orphans(String group, ConnectionRegistry registry, ReplicaTable table) {
        this.group = group;
        this.registry = registry;
        this.table = table;
    }

    /** To be called each second while nothing is loaded. */
    void tick() {
        if (++ticks % EVERY_TICKS != 0) {
            return;
        }
        List<EntityState> old = suspects;
        suspects = table.suspects();
        int removals = 0;
        for (EntityState entity : old) {
            if (!table.isOrphaned(entity)) {
                continue;
            }
            if (removals < MAX_REMOVALS) {
                removals += entity.components().size();
                entity.components().forEach(this::remove);
            }
            // Looked at again, for the removal may fail.
            suspects.add(entity);
        }
    }

    private void remove(ComponentState orphan) {
        String key = SpaceKeys.component(orphan.entity().entity().bits(), orphan.name());
        Draft removal = Draft.remove(key).expecting(orphan.position());
        registry.publish(group, removal, SpaceKeys.POLICY);
    }
}

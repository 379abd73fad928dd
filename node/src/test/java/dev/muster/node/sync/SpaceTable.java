package dev.muster.node.sync;

import io.vertx.core.buffer.Buffer;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What a replica holds, without one: a test changes it, and what listens hears of it at once. */
public final class SpaceTable {

    private final Sync sync;
    private final Listeners listeners = new Listeners();
    private final ReplicaTable table;
    private long revision;

    public SpaceTable(Sync sync) {
        this.sync = sync;
        this.table = new ReplicaTable(sync.types(), listeners);
    }

    public void listen(ReplicaListener listener) {
        listeners.add(listener);
    }

    public void spawn(Entity entity) {
        table.put(SpaceKeys.entity(entity.bits()), Buffer.buffer(), "e", ++revision);
    }

    public long set(Entity entity, Record component) {
        String name = component.getClass().getSimpleName();
        byte[] bytes = sync.find(name).encodeAny(component);
        table.put(SpaceKeys.component(entity.bits(), name), Buffer.buffer(bytes), "e", ++revision);
        return revision;
    }

    /** Something that no type here is made for. */
    public void setForeign(Entity entity, String name, byte[] bytes) {
        table.put(SpaceKeys.component(entity.bits(), name), Buffer.buffer(bytes), "e", ++revision);
    }

    public void remove(Entity entity, String component) {
        table.remove(SpaceKeys.component(entity.bits(), component));
    }

    public void despawn(Entity entity) {
        table.remove(SpaceKeys.entity(entity.bits()));
    }

    public EntityState find(Entity entity) {
        return table.find(entity.bits());
    }

    public Set<Entity> children(Entity parent) {
        Set<Entity> children = new TreeSet<>();
        table.forEachChild(parent.bits(), child -> children.add(child.entity()));
        return children;
    }

    public void forEach(Consumer<EntityState> action) {
        table.forEach(action);
    }

    public void forEach(String component, Consumer<ComponentState> action) {
        table.forEach(component, action);
    }
}

package dev.muster.node.sync;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a replica holds. Applies changes of entries and tells what they mean. On one loop.
 *
 * <p>Components whose entity has no entry of its own are orphans, held but shown to nobody: an entry that was set while its
 * entity was despawned, or one whose entity comes on a later page.
 */
final class ReplicaTable {

    private final Map<String, ComponentType<?>> types;
    private final ReplicaListener listener;
    private final LongObjectMap<EntityState> entities = new LongObjectHashMap<>();
    private final Map<String, ComponentKind> kinds = new HashMap<>();
    /** Entities whose components may be orphans. */
    private List<EntityState> suspects = new ArrayList<>();

    private final Children children = new Children();
    private final Map<String, Epoch> epochs = new HashMap<>();
    private Epoch newest = Epoch.of("");

    private int present;
    private long bytes;
    private int mark;

    ReplicaTable(Map<String, ComponentType<?>> types, ReplicaListener listener) {
        this.types = types;
        this.listener = listener;
    }

    // ---- reading ----

    int size() {
        return present;
    }

    /** The bincode of all components, orphans included. */
    long bytes() {
        return bytes;
    }

    @Nullable
    EntityState find(long bits) {
        EntityState entity = entities.get(bits);
        return entity == null || !entity.isPresent() ? null : entity;
    }

    void forEach(Consumer<EntityState> action) {
        for (EntityState entity : entities.values()) {
            if (entity.isPresent()) {
                action.accept(entity);
            }
        }
    }

    void forEach(String component, Consumer<ComponentState> action) {
        ComponentKind kind = kinds.get(component);
        if (kind != null) {
            for (ComponentState each : kind.all()) {
                if (each.entity().isPresent()) {
                    action.accept(each);
                }
            }
        }
    }

    void forEachChild(long parent, Consumer<EntityState> action) {
        children.forEach(parent, action);
    }

    /** How many components of a name there are, orphans included. */
    int count(String component) {
        ComponentKind kind = kinds.get(component);
        return kind == null ? 0 : kind.all().size();
    }

    // ---- changes ----

    /** An entry was set, by the publication {@code epoch}:{@code offset}. */
    void put(String key, Buffer value, String epoch, long offset) {
        if (SpaceKeys.isEntity(key)) {
            appear(stateOf(SpaceKeys.bits(key)));
        } else if (SpaceKeys.isComponent(key)) {
            set(SpaceKeys.bits(key), SpaceKeys.component(key), value, epoch, offset);
        }
    }

    private EntityState stateOf(long bits) {
        EntityState entity = entities.get(bits);
        if (entity == null) {
            entity = new EntityState(new Entity(bits));
            entities.put(bits, entity);
        }
        return entity;
    }

    private void appear(EntityState entity) {
        entity.mark = mark;
        if (entity.isPresent()) {
            return;
        }
        entity.setPresent(true);
        present++;
        listener.onSpawned(entity);
        for (ComponentState component : entity.components()) {
            listener.onSet(entity, component, true);
        }
    }

    private Epoch epoch(String name) {
        if (!newest.name().equals(name)) {
            newest = epochs.computeIfAbsent(name, Epoch::of);
        }
        return newest;
    }

    private void set(long bits, String name, Buffer value, String epoch, long offset) {
        EntityState entity = stateOf(bits);
        ComponentState component = entity.component(name);
        boolean isNew = component == null;
        if (component == null) {
            ComponentKind kind = kinds.computeIfAbsent(name, added -> new ComponentKind(added, types.get(added)));
            component = new ComponentState(entity, kind, value.getBytes(), epoch(epoch), offset);
            entity.add(component);
            kind.add(component);
            bytes += value.length();
        } else {
            component.mark = mark;
            if (component.isAt(epoch, offset)) {
                return;
            }
            children.remove(component);
            bytes += value.length() - component.bytes().length;
            component.set(value.getBytes(), epoch(epoch), offset);
        }
        children.add(component);
        component.mark = mark;
        if (entity.isPresent()) {
            listener.onSet(entity, component, isNew);
        } else if (isNew) {
            suspects.add(entity);
        }
    }

    /** An entry was removed. */
    void remove(String key) {
        if (!SpaceKeys.isEntity(key) && !SpaceKeys.isComponent(key)) {
            return;
        }
        EntityState entity = entities.get(SpaceKeys.bits(key));
        if (entity == null) {
            return;
        }
        if (SpaceKeys.isEntity(key)) {
            vanish(entity);
        } else {
            ComponentState component = entity.component(SpaceKeys.component(key));
            if (component != null) {
                drop(component);
            }
        }
    }

    private void vanish(EntityState entity) {
        if (entity.isPresent()) {
            entity.setPresent(false);
            present--;
            listener.onDespawned(entity);
            if (!entity.isEmpty()) {
                suspects.add(entity);
            }
        }
        forgetIfNothing(entity);
    }

    private void drop(ComponentState component) {
        EntityState entity = component.entity();
        entity.remove(component);
        component.kind().remove(component);
        children.remove(component);
        bytes -= component.bytes().length;
        if (entity.isPresent()) {
            listener.onRemoved(entity, component);
        }
        forgetIfNothing(entity);
    }

    private void forgetIfNothing(EntityState entity) {
        if (!entity.isPresent() && entity.isEmpty()) {
            entities.remove(entity.entity().bits());
        }
    }

    /** The revision that an entry has here; null if there is no such entry, or it has none. */
    @Nullable
    ComponentState component(String key) {
        EntityState entity = SpaceKeys.isComponent(key) ? entities.get(SpaceKeys.bits(key)) : null;
        return entity == null ? null : entity.component(SpaceKeys.component(key));
    }

    // ---- orphans ----

    /** Entities that have had orphans since the last call; see {@link #isOrphaned}. */
    List<EntityState> suspects() {
        List<EntityState> all = suspects;
        suspects = new ArrayList<>();
        return all;
    }

    /** Whether there are components of it here but it does not exist. */
    boolean isOrphaned(EntityState entity) {
        return !entity.isPresent()
                && !entity.isEmpty()
                && entities.get(entity.entity().bits()) == entity;
    }

    // ---- loading ----

    /** All entries there are will be {@linkplain #put put} now; what was here before is kept meanwhile. */
    void beginLoad() {
        mark++;
    }

    /** That were all: what was not among them is gone. */
    void endLoad() {
        List<EntityState> gone = new ArrayList<>();
        List<ComponentState> removed = new ArrayList<>();
        for (EntityState entity : entities.values()) {
            if (entity.isPresent() && entity.mark != mark) {
                gone.add(entity);
            }
            for (ComponentState component : entity.components()) {
                if (component.mark != mark) {
                    removed.add(component);
                }
            }
        }
        gone.forEach(this::vanish);
        removed.forEach(this::drop);
    }
}

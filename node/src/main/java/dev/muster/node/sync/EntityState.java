package dev.muster.node.sync;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entity as a replica has it. On the replica's loop; it changes in place. */
public final class EntityState {

    private static final ComponentState[] NONE = {};

    private final Entity entity;
    private ComponentState[] components = NONE;
    /** Without it, what is here are orphans: nobody sees them. */
    private boolean present;
    /** The load that saw it last. */
    int mark;

    EntityState(Entity entity) {
        this.entity = entity;
    }

    /** Its id. */
    public Entity entity() {
        return entity;
    }

    /** Whether it exists; false once it was despawned. */
    public boolean isPresent() {
        return present;
    }

    void setPresent(boolean present) {
        this.present = present;
    }

    /** Its components, in no particular order. */
    public List<ComponentState> components() {
        return List.of(components);
    }

    /** Its component of this name, if it has one. */
    public @Nullable ComponentState component(String name) {
        for (ComponentState component : components) {
            if (component.name().equals(name)) {
                return component;
            }
        }
        return null;
    }

    /** Its component of this type, if it has one. */
    public <C extends Record> @Nullable C component(Class<C> type) {
        ComponentState component = component(type.getSimpleName());
        return component == null ? null : component.as(type);
    }

    boolean isEmpty() {
        return components.length == 0;
    }

    void add(ComponentState component) {
        components = Arrays.copyOf(components, components.length + 1);
        components[components.length - 1] = component;
    }

    void remove(ComponentState component) {
        int at = Arrays.asList(components).indexOf(component);
        ComponentState[] fewer = Arrays.copyOf(components, components.length - 1);
        System.arraycopy(components, at + 1, fewer, at, fewer.length - at);
        components = fewer.length == 0 ? NONE : fewer;
    }
}

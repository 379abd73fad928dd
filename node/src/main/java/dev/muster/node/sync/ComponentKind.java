package dev.muster.node.sync;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All components of one name in a replica, orphans included. */
final class ComponentKind {

    private final String name;
    private final @Nullable ComponentType<?> type;
    private final List<ComponentState> all = new ArrayList<>();

    ComponentKind(String name, @Nullable ComponentType<?> type) {
        this.name = name;
        this.type = type;
    }

    String name() {
        return name;
    }

    @Nullable
    ComponentType<?> type() {
        return type;
    }

    /** Not to be changed. */
    List<ComponentState> all() {
        return all;
    }

    void add(ComponentState component) {
        component.slot = all.size();
        all.add(component);
    }

    /** The last one takes its place, so that nothing has to move. */
    void remove(ComponentState component) {
        ComponentState last = all.remove(all.size() - 1);
        if (last != component) {
            all.set(component.slot, last);
            last.slot = component.slot;
        }
    }
}

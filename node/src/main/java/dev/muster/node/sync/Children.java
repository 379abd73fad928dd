package dev.muster.node.sync;

import dev.muster.node.sync.component.Parent;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who says that an entity is its parent, whether either exists or not. On the replica's loop. */
final class Children {

    /** The component that names a parent. */
    static final String PARENT = Parent.class.getSimpleName();

    private final LongObjectMap<Set<EntityState>> byParent = new LongObjectHashMap<>();

    /** A component is here, or is something else than it was. */
    void add(ComponentState component) {
        Entity parent = parentOf(component);
        if (parent != null) {
            byParent.computeIfAbsent(parent.bits(), first -> new LinkedHashSet<>())
                    .add(component.entity());
        }
    }

    /** A component goes, or will be something else. */
    void remove(ComponentState component) {
        Entity parent = parentOf(component);
        if (parent != null) {
            byParent.computeIfPresent(parent.bits(), (bits, children) -> {
                children.remove(component.entity());
                return children.isEmpty() ? null : children;
            });
        }
    }

    /** The parent that a component names; null if it is another component. */
    private static @Nullable Entity parentOf(ComponentState component) {
        return component.name().equals(PARENT) ? named(component) : null;
    }

    /** The parent that a {@link Parent} names. */
    static @Nullable Entity named(ComponentState parent) {
        try {
            return parent.as(Parent.class).parent();
        } catch (SyncException foreign) {
            // Bytes that another program wrote: to us it has no parent.
            return null;
        }
    }

    /** Shows each child that exists. */
    void forEach(long parent, Consumer<EntityState> action) {
        Set<EntityState> children = byParent.get(parent);
        if (children != null) {
            for (EntityState child : children) {
                if (child.isPresent()) {
                    action.accept(child);
                }
            }
        }
    }
}

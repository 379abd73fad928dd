package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All shapes of a space on this node, found by what they are about. On the space's loop. */
final class Shapes implements Shape.Listener {

    /** Shapes of one component: those about all entities, and those about one. */
    private static final class Slot {
        final Set<Shape> ofAll = new LinkedHashSet<>();
        final Map<Entity, Set<Shape>> ofOne = new HashMap<>();

        Set<Shape> of(@Nullable Entity entity) {
            return entity == null ? ofAll : ofOne.computeIfAbsent(entity, first -> new LinkedHashSet<>());
        }

        boolean isEmpty() {
            return ofAll.isEmpty() && ofOne.isEmpty();
        }
    }

    private final Scene scene;
    private final Snapshots snapshots;
    private final Map<Shape.Id, Shape> byId = new HashMap<>();
    private final Map<String, Slot> byComponent = new HashMap<>();

    private final FilteredShapes filtered;

    Shapes(Scene scene, Snapshots snapshots) {
        this.scene = scene;
        this.snapshots = snapshots;
        this.filtered = new FilteredShapes(scene);
    }

    /** The shape of that identity; a new one knows what there is. */
    Shape get(Shape.Id id) {
        Shape present = byId.get(id);
        if (present != null) {
            return present;
        }
        Shape made = new Shape(id, scene, this);
        made.fill();
        byId.put(id, made);
        if (made.isFiltered()) {
            filtered.add(made);
        } else {
            byComponent
                    .computeIfAbsent(id.component(), first -> new Slot())
                    .of(id.entity())
                    .add(made);
        }
        return made;
    }

    /** Nobody subscribes to it any more. */
    void drop(Shape shape) {
        Shape.Id id = shape.id();
        byId.remove(id);
        if (shape.isFiltered()) {
            filtered.remove(shape);
            return;
        }
        byComponent.computeIfPresent(id.component(), (key, slot) -> {
            Set<Shape> shapes = slot.of(id.entity());
            shapes.remove(shape);
            if (shapes.isEmpty() && id.entity() != null) {
                slot.ofOne.remove(id.entity());
            }
            return slot.isEmpty() ? null : slot;
        });
    }

    /**
     * Whether anybody is to be told of a change.
     *
     * @param isNew whether the entity came to have the component by it
     */
    boolean isWanted(Entity entity, String component, boolean isNew) {
        return isWanted(byComponent.get(component), entity)
                || isWanted(byComponent.get(Shape.ALL), entity)
                || filtered.isWanted(entity, component, isNew);
    }

    private static boolean isWanted(@Nullable Slot slot, Entity entity) {
        return slot != null && (!slot.ofAll.isEmpty() || slot.ofOne.containsKey(entity));
    }

    /** Whether anybody is to be told of anything. */
    boolean isEmpty() {
        return byId.isEmpty();
    }

    /**
     * Gives each shape what concerns it.
     *
     * @return those that got anything
     */
    Set<Shape> distribute(Collection<Change> changes) {
        Set<Shape> due = new LinkedHashSet<>();
        for (Change change : changes) {
            if (change.kind() == Change.Kind.ENTITY_REMOVED) {
                change.components().forEach(component -> give(component, change, due));
            } else {
                give(change.component(), change, due);
            }
            give(Shape.ALL, change, due);
            filtered.give(change);
        }
        filtered.take(due);
        return due;
    }

    private void give(String component, Change change, Set<Shape> due) {
        Slot slot = byComponent.get(component);
        if (slot != null) {
            give(slot.ofAll, change, due);
            give(slot.ofOne.getOrDefault(change.entity(), Set.of()), change, due);
        }
    }

    private static void give(Set<Shape> shapes, Change change, Set<Shape> due) {
        for (Shape shape : shapes) {
            shape.add(change);
            due.add(shape);
        }
    }

    // ---- filters ----

    @Override
    public void onEnter(Shape shape, Entity entity) {
        filtered.entered(shape, entity);
        snapshots.filtered(shape, entity);
    }

    @Override
    public void onLeave(Shape shape, Entity entity) {
        filtered.left(shape, entity);
        snapshots.filtered(shape, entity);
    }
}

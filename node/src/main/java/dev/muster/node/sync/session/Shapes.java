package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All shapes of a space on this node, found by what they are about. On the space's loop. */
final class Shapes {

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

    /** Those with a filter, by each component that may change what it accepts. */
    private final Map<String, Set<Shape>> filtered = new HashMap<>();

    Shapes(Scene scene, Snapshots snapshots) {
        this.scene = scene;
        this.snapshots = snapshots;
    }

    /** The shape of that identity; a new one knows what there is. */
    Shape get(Shape.Id id) {
        Shape present = byId.get(id);
        if (present != null) {
            return present;
        }
        Shape made = new Shape(id, scene, snapshots);
        made.fill();
        byId.put(id, made);
        if (made.isFiltered()) {
            componentsOf(made)
                    .forEach(component -> filtered.computeIfAbsent(component, first -> new LinkedHashSet<>())
                            .add(made));
        } else {
            byComponent
                    .computeIfAbsent(id.component(), first -> new Slot())
                    .of(id.entity())
                    .add(made);
        }
        return made;
    }

    private static Set<String> componentsOf(Shape shape) {
        Set<String> components = new LinkedHashSet<>(shape.id().filter().components());
        components.add(shape.id().component());
        return components;
    }

    /** Nobody subscribes to it any more. */
    void drop(Shape shape) {
        Shape.Id id = shape.id();
        byId.remove(id);
        if (shape.isFiltered()) {
            componentsOf(shape)
                    .forEach(component -> filtered.computeIfPresent(component, (key, shapes) -> {
                        shapes.remove(shape);
                        return shapes.isEmpty() ? null : shapes;
                    }));
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

    /** Whether anybody is to be told of a change. */
    boolean isWanted(Entity entity, String component) {
        return isWanted(byComponent.get(component), entity)
                || isWanted(byComponent.get(Shape.ALL), entity)
                || filtered.containsKey(component)
                || filtered.containsKey(Shape.ALL);
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
        Map<Shape, Map<Entity, List<Change>>> looked = new LinkedHashMap<>();
        for (Change change : changes) {
            if (change.kind() == Change.Kind.ENTITY_REMOVED) {
                change.components().forEach(component -> give(component, change, due, looked));
            } else {
                give(change.component(), change, due, looked);
            }
            give(Shape.ALL, change, due, looked);
        }
        looked.forEach((shape, entities) -> {
            entities.forEach(shape::take);
            if (shape.isDue()) {
                due.add(shape);
            }
        });
        return due;
    }

    private void give(String component, Change change, Set<Shape> due, Map<Shape, Map<Entity, List<Change>>> looked) {
        Slot slot = byComponent.get(component);
        if (slot != null) {
            give(slot.ofAll, change, due);
            give(slot.ofOne.getOrDefault(change.entity(), Set.of()), change, due);
        }
        for (Shape shape : filtered.getOrDefault(component, Set.of())) {
            List<Change> happened = looked.computeIfAbsent(shape, first -> new LinkedHashMap<>())
                    .computeIfAbsent(change.entity(), first -> new ArrayList<>(1));
            if (happened.isEmpty() || !happened.get(happened.size() - 1).equals(change)) {
                // A shape may be found by more than one of its components.
                happened.add(change);
            }
        }
    }

    private static void give(Set<Shape> shapes, Change change, Set<Shape> due) {
        for (Shape shape : shapes) {
            shape.add(change);
            due.add(shape);
        }
    }
}

package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Shapes with a filter, found by what has changed: those that have the entity, and those that it may have come into. A change
 * that is of no interest to any of a thousand costs little more than one look. On the space's loop.
 *
 * <p>An entity comes into a filter by a component that the filter looks at, or by coming to have the one subscribed to.
 */
final class FilteredShapes {

    private final Scene scene;
    /** Those that have an entity, as of the last tick. */
    private final Map<Entity, Set<Shape>> having = new HashMap<>();
    /** By each component that their filters look at. */
    private final Map<String, Seekers> byFilter = new HashMap<>();
    /** By the component that is subscribed to, if that is one and the filter does not look at it. */
    private final Map<String, Seekers> byComponent = new HashMap<>();

    /** What a tick brings, by shape and entity. */
    private final Map<Shape, Map<Entity, List<Change>>> happened = new LinkedHashMap<>();

    FilteredShapes(Scene scene) {
        this.scene = scene;
    }

    void add(Shape shape) {
        Filter filter = shape.id().filter();
        filter.components().forEach(name -> add(byFilter, name, shape));
        if (isFoundByComponent(shape)) {
            add(byComponent, shape.id().component(), shape);
        }
        shape.inside().forEach(entity -> entered(shape, entity));
    }

    private static void add(Map<String, Seekers> seekers, String component, Shape shape) {
        seekers.computeIfAbsent(component, first -> new Seekers()).add(shape);
    }

    void remove(Shape shape) {
        shape.id().filter().components().forEach(name -> remove(byFilter, name, shape));
        if (isFoundByComponent(shape)) {
            remove(byComponent, shape.id().component(), shape);
        }
        shape.inside().forEach(entity -> left(shape, entity));
    }

    private static void remove(Map<String, Seekers> seekers, String component, Shape shape) {
        seekers.computeIfPresent(component, (name, those) -> {
            those.remove(shape);
            return those.isEmpty() ? null : those;
        });
    }

    private static boolean isFoundByComponent(Shape shape) {
        String component = shape.id().component();
        return !component.equals(Shape.ALL) && !shape.id().filter().components().contains(component);
    }

    void entered(Shape shape, Entity entity) {
        having.computeIfAbsent(entity, first -> new LinkedHashSet<>(2)).add(shape);
    }

    void left(Shape shape, Entity entity) {
        having.computeIfPresent(entity, (same, shapes) -> {
            shapes.remove(shape);
            return shapes.isEmpty() ? null : shapes;
        });
    }

    // ---- what happens in the space ----

    /**
     * Whether a change of a component may be of interest. If it is of none now, it will be of none in the tick: who is told
     * of an entity then that came in after all, is told of all of it.
     */
    boolean isWanted(Entity entity, String component, boolean isNew) {
        return any(entity, component, isNew, shape -> true);
    }

    private boolean any(Entity entity, String component, boolean isNew, Predicate<Shape> found) {
        for (Shape shape : having.getOrDefault(entity, Set.of())) {
            if (shape.concerns(component) && found.test(shape)) {
                return true;
            }
        }
        Seekers seekers = byFilter.get(component);
        if (seekers != null && seekers.any(scene, entity, found)) {
            return true;
        }
        Seekers ofNew = isNew ? byComponent.get(component) : null;
        return ofNew != null && ofNew.any(scene, entity, found);
    }

    /** Notes a change for whom it may concern. */
    void give(Change change) {
        Entity entity = change.entity();
        if (change.kind() == Change.Kind.ENTITY_REMOVED) {
            having.getOrDefault(entity, Set.of()).forEach(shape -> note(shape, change));
        } else {
            boolean isNew = change.kind() == Change.Kind.SET && change.isFresh();
            any(entity, change.component(), isNew, shape -> {
                note(shape, change);
                return false;
            });
        }
    }

    private void note(Shape shape, Change change) {
        List<Change> all = happened.computeIfAbsent(shape, first -> new LinkedHashMap<>())
                .computeIfAbsent(change.entity(), first -> new ArrayList<>(1));
        if (all.isEmpty() || all.get(all.size() - 1) != change) {
            // A shape may be found in more than one way.
            all.add(change);
        }
    }

    /**
     * Lets the shapes take what was noted.
     *
     * @param due gets those that tell of anything
     */
    void take(Set<Shape> due) {
        happened.forEach((shape, entities) -> {
            entities.forEach(shape::take);
            if (shape.isDue()) {
                due.add(shape);
            }
        });
        happened.clear();
    }
}

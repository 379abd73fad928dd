package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Sync.Place;
import dev.muster.node.sync.Sync.Point;
import dev.muster.node.sync.component.Owner;
import dev.muster.node.sync.component.Tags;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Shapes with filters, by one condition of each: finds those that an entity as it is now may be for, without asking all. On
 * the space's loop.
 */
final class Seekers {

    private final Map<String, Set<Shape>> byOwner = new HashMap<>();
    private final Map<String, Set<Shape>> byTag = new HashMap<>();
    private final Map<Place<?>, Regions> byPlace = new HashMap<>();
    /** Those with conditions of another kind. */
    private final Set<Shape> others = new LinkedHashSet<>();

    void add(Shape shape) {
        Filter.Condition key = key(shape);
        if (key instanceof Filters.Owned owned) {
            byOwner.computeIfAbsent(owned.user(), first -> new LinkedHashSet<>())
                    .add(shape);
        } else if (key instanceof Filters.Tagged tagged) {
            byTag.computeIfAbsent(tagged.tag(), first -> new LinkedHashSet<>()).add(shape);
        } else if (key instanceof Filters.Region region) {
            byPlace.computeIfAbsent(region.place(), first -> new Regions()).add(shape, region.min(), region.max());
        } else {
            others.add(shape);
        }
    }

    void remove(Shape shape) {
        Filter.Condition key = key(shape);
        if (key instanceof Filters.Owned owned) {
            remove(byOwner, owned.user(), shape);
        } else if (key instanceof Filters.Tagged tagged) {
            remove(byTag, tagged.tag(), shape);
        } else if (key instanceof Filters.Region region) {
            byPlace.computeIfPresent(region.place(), (place, regions) -> {
                regions.remove(shape);
                return regions.isEmpty() ? null : regions;
            });
        } else {
            others.remove(shape);
        }
    }

    private static void remove(Map<String, Set<Shape>> shapes, String key, Shape shape) {
        shapes.computeIfPresent(key, (same, all) -> {
            all.remove(shape);
            return all.isEmpty() ? null : all;
        });
    }

    boolean isEmpty() {
        return byOwner.isEmpty() && byTag.isEmpty() && byPlace.isEmpty() && others.isEmpty();
    }

    /** The condition that is to say most: few entities have one owner, more one tag. */
    private static Filter.Condition key(Shape shape) {
        Filter.Condition best = shape.id().filter().conditions().get(0);
        for (Filter.Condition condition : shape.id().filter().conditions()) {
            if (rank(condition) < rank(best)) {
                best = condition;
            }
        }
        return best;
    }

    private static int rank(Filter.Condition condition) {
        if (condition instanceof Filters.Owned) {
            return 0;
        }
        if (condition instanceof Filters.Region) {
            return 1;
        }
        return condition instanceof Filters.Tagged ? 2 : 3;
    }

    /**
     * Shows the shapes that an entity may be for, and some more.
     *
     * @param found true if it has seen enough
     * @return whether it had
     */
    boolean any(Filter.Looking at, Entity entity, Predicate<Shape> found) {
        if (!byOwner.isEmpty() && at.value(entity, Filters.OWNER) instanceof Owner owner) {
            if (any(byOwner, owner.user(), found)) {
                return true;
            }
        }
        if (!byTag.isEmpty() && at.value(entity, Filters.TAGS) instanceof Tags tags) {
            for (String tag : tags.tags()) {
                if (any(byTag, tag, found)) {
                    return true;
                }
            }
        }
        for (Map.Entry<Place<?>, Regions> each : byPlace.entrySet()) {
            Point point = Filters.point(at, each.getKey(), entity);
            if (point != null && each.getValue().any(point, found)) {
                return true;
            }
        }
        return any(others, found);
    }

    private static boolean any(Map<String, Set<Shape>> shapes, String key, Predicate<Shape> found) {
        return any(shapes.getOrDefault(key, Set.of()), found);
    }

    private static boolean any(Set<Shape> shapes, Predicate<Shape> found) {
        for (Shape shape : shapes) {
            if (found.test(shape)) {
                return true;
            }
        }
        return false;
    }
}

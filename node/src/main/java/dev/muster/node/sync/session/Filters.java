package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.component.Owner;
import dev.muster.node.sync.component.Tags;
import org.jspecify.annotations.Nullable;

/** The conditions there are. */
public final class Filters {

    static final String OWNER = Owner.class.getSimpleName();
    static final String TAGS = Tags.class.getSimpleName();

    /** A condition that holds nowhere but between two corners. */
    interface Region extends Filter.Condition {
        Sync.Place<?> place();

        Sync.Point min();

        Sync.Point max();

        @Override
        default String component() {
            return place().type().name();
        }
    }

    private Filters() {}

    /** What belongs to a user. */
    public static Filter.Condition owner(String user) {
        return new Owned(user);
    }

    /** What has a tag. */
    public static Filter.Condition tag(String tag) {
        return new Tagged(tag);
    }

    /** What is at most so far from somewhere. */
    public static Filter.Condition ball(Sync.Place<?> place, Sync.Point center, double radius) {
        return new Ball(place, center, radius);
    }

    /** What is between two corners, on them included. */
    public static Filter.Condition box(Sync.Place<?> place, Sync.Point min, Sync.Point max) {
        return new Box(place, min, max);
    }

    record Owned(String user) implements Filter.Condition {
        @Override
        public String component() {
            return OWNER;
        }

        @Override
        public boolean holds(Filter.Looking at, Entity entity) {
            return at.value(entity, component()) instanceof Owner owner
                    && owner.user().equals(user);
        }
    }

    record Tagged(String tag) implements Filter.Condition {
        @Override
        public String component() {
            return TAGS;
        }

        @Override
        public boolean holds(Filter.Looking at, Entity entity) {
            return at.value(entity, component()) instanceof Tags tags
                    && tags.tags().contains(tag);
        }
    }

    record Ball(Sync.Place<?> place, Sync.Point center, double radius) implements Region {
        @Override
        public Sync.Point min() {
            return corner(-radius);
        }

        @Override
        public Sync.Point max() {
            return corner(radius);
        }

        private Sync.Point corner(double aside) {
            return new Sync.Point(center.x() + aside, center.y() + aside, center.z() + aside);
        }

        @Override
        public boolean holds(Filter.Looking at, Entity entity) {
            Sync.Point point = point(at, place, entity);
            if (point == null) {
                return false;
            }
            double x = point.x() - center.x();
            double y = point.y() - center.y();
            double z = point.z() - center.z();
            return x * x + y * y + z * z <= radius * radius;
        }
    }

    record Box(Sync.Place<?> place, Sync.Point min, Sync.Point max) implements Region {
        @Override
        public boolean holds(Filter.Looking at, Entity entity) {
            Sync.Point point = point(at, place, entity);
            return point != null
                    && isBetween(min.x(), point.x(), max.x())
                    && isBetween(min.y(), point.y(), max.y())
                    && isBetween(min.z(), point.z(), max.z());
        }

        private static boolean isBetween(double min, double value, double max) {
            return min <= value && value <= max;
        }
    }

    /** Where an entity is; null if nothing says so. */
    static Sync.@Nullable Point point(Filter.Looking at, Sync.Place<?> place, Entity entity) {
        byte[] bytes = at.bytes(entity, place.type().name());
        if (bytes == null) {
            return null;
        }
        try {
            return place.of(bytes);
        } catch (SyncException otherBytes) {
            // Of a program that has another record of that name: it is nowhere.
            return null;
        }
    }
}

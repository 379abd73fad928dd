package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which entities a subscription is about, by what they are: all its conditions have to hold. Equal filters are one shape.
 *
 * @param conditions none for all entities
 */
public record Filter(List<Condition> conditions) {

    /** All entities. */
    public static final Filter NONE = new Filter(List.of());

    /** Something that holds for an entity or not. Compared by value. */
    public interface Condition {

        /** The component that it looks at. */
        String component();

        /** Whether it holds. On the space's loop. */
        boolean holds(Looking at, Entity entity);
    }

    /** Reads components of entities. */
    public interface Looking {
        /** The component in bincode, not to be modified; null if the entity does not have it. */
        byte @Nullable [] bytes(Entity entity, String component);

        /** The component; null if the entity does not have it, or if it cannot be read here. */
        @Nullable
        Record value(Entity entity, String component);
    }

    public Filter {
        conditions = List.copyOf(conditions);
    }

    boolean isEmpty() {
        return conditions.isEmpty();
    }

    boolean accepts(Looking at, Entity entity) {
        for (Condition condition : conditions) {
            if (!condition.holds(at, entity)) {
                return false;
            }
        }
        return true;
    }

    /** The components whose changes may change its mind. */
    Set<String> components() {
        Set<String> names = new TreeSet<>();
        conditions.forEach(condition -> names.add(condition.component()));
        return names;
    }
}

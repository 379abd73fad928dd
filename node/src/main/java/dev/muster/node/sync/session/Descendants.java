package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.Replica;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What is below an entity in the tree of parents. On the replica's loop. */
final class Descendants {

    /** More than that are not looked at. */
    private static final int MOST = 1_000;

    private Descendants() {}

    /**
     * All below an entity, but for those that are passed over together with what is below them. Two nodes may together
     * have made a circle: each is met once.
     */
    static Set<Entity> of(Replica replica, Entity root, Predicate<EntityState> wanted) {
        Set<Entity> found = new LinkedHashSet<>();
        Deque<Entity> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty() && found.size() < MOST) {
            replica.forEachChild(open.remove(), child -> {
                boolean isNew = !child.entity().equals(root) && !found.contains(child.entity());
                if (isNew && wanted.test(child)) {
                    found.add(child.entity());
                    open.add(child.entity());
                }
            });
        }
        return found;
    }
}

package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber has not been told yet: the rest of its snapshot, and what changed while it did not keep up. Only what
 * changed is remembered, never how: when its turn comes it is told of the values of that time. So it is bounded by what
 * the client has and by what there is, however long the client lags. On the space's loop.
 */
final class Debt {

    /** What is owed for a key, by what the client has of it. */
    private enum Owed {
        /** It has nothing, and there is something. */
        NEW,
        /** It has an older value. */
        CHANGED,
        /** It has something that is no more. */
        REMOVED
    }

    private final Shape shape;
    private final Map<Key, Owed> owed = new LinkedHashMap<>();

    /** What there was when its turn came, from {@link #next} on still to be told; null if there is nothing of it. */
    private @Nullable Snapshot snapshot;

    private int next;

    Debt(Shape shape) {
        this.shape = shape;
    }

    boolean isEmpty() {
        return owed.isEmpty() && !owesSnapshot();
    }

    boolean owesSnapshot() {
        return snapshot != null;
    }

    /** Begins with what there is; others may read it as well. */
    void beginWith(Snapshot all) {
        snapshot = all.size() == 0 ? null : all;
        next = 0;
    }

    /** Remembers a change that the subscriber is not told of now. */
    void owe(Change change) {
        if (isAhead(change.entity())) {
            // The snapshot has not come there, and will find it as it is then.
            return;
        }
        switch (change.kind()) {
            case SET -> oweValue(change);
            case COMPONENT_REMOVED -> oweComponentRemoved(change);
            case ENTITY_REMOVED -> oweEntityRemoved(change);
        }
    }

    private boolean isAhead(Entity entity) {
        return snapshot != null && snapshot.has(entity, next);
    }

    private void oweValue(Change change) {
        Key key = new Key(change.entity(), change.component());
        Owed before = owed.get(key);
        if (before == null) {
            owed.put(key, change.isFresh() ? Owed.NEW : Owed.CHANGED);
        } else if (before == Owed.REMOVED) {
            owed.put(key, Owed.CHANGED);
        }
    }

    private void oweComponentRemoved(Change change) {
        Key key = new Key(change.entity(), change.component());
        Owed before = owed.get(key);
        if (before == Owed.NEW) {
            owed.remove(key);
        } else if (before != null || !change.isFresh()) {
            owed.put(key, Owed.REMOVED);
        }
    }

    private void oweEntityRemoved(Change change) {
        // Who subscribes to everything is told of an entity without components as well.
        boolean known = change.components().isEmpty() && shape.wants(Shape.ALL);
        for (String component : change.components()) {
            if (shape.wants(component)) {
                Owed before = owed.remove(new Key(change.entity(), component));
                known |= before == null ? !change.freshOf(component) : before != Owed.NEW;
            }
        }
        if (known) {
            owed.put(new Key(change.entity(), ""), Owed.REMOVED);
        }
    }

    /**
     * Writes what is owed, as it is now, until the page is full.
     *
     * @param held entities that this subscriber must not be told of yet
     */
    void pay(Page page, Scene scene, Predicate<Entity> held) {
        paySnapshot(page);
        Iterator<Map.Entry<Key, Owed>> rest = owed.entrySet().iterator();
        while (rest.hasNext() && !page.isFull()) {
            Map.Entry<Key, Owed> entry = rest.next();
            if (!held.test(entry.getKey().entity())) {
                pay(page, scene, entry.getKey(), entry.getValue());
                rest.remove();
            }
        }
    }

    private void paySnapshot(Page page) {
        Snapshot all = snapshot;
        while (all != null && !page.isFull()) {
            Snapshot.Chunk chunk = all.chunk(next, page.room());
            if (page.add(chunk)) {
                next = chunk.end();
                if (next == all.size()) {
                    all = null;
                }
            }
        }
        snapshot = all;
    }

    private void pay(Page page, Scene scene, Key key, Owed what) {
        Entity entity = key.entity();
        if (what != Owed.REMOVED) {
            scene.component(
                    entity,
                    key.component(),
                    (component, bytes, revision) ->
                            page.add(Item.Op.UPDATE, shape, Change.set(entity, component, bytes, revision, false)));
        } else if (key.component().isEmpty()) {
            page.add(Item.Op.ENTITY_REMOVED, shape, Change.gone(entity));
        } else {
            page.add(Item.Op.COMPONENT_REMOVED, shape, Change.removed(entity, key.component(), false));
        }
    }
}

package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lets those who subscribe to the same at about the same time share what is encoded for them: a page with a hundred viewers
 * is loaded again. What nobody reads for a moment is forgotten. On the space's loop.
 */
final class Snapshots {

    /** So long what was encoded is kept for the next who comes. */
    static final long LINGER_NANOS = 1_000_000_000;

    /** Each is told of every change of the space, so there must not be many. */
    static final int MOST = 16;

    /** Bytes that all of them may keep together; what is more has to be encoded again. */
    static final long MOST_BYTES = 32 << 20;

    private final Scene scene;
    private final SpaceLoop loop;
    /** Those that are told of changes, the oldest first. */
    private final Deque<Snapshot> shared = new ArrayDeque<>();

    private long keptBytes;
    private boolean looking;

    Snapshots(Scene scene, SpaceLoop loop) {
        this.scene = scene;
        this.loop = loop;
    }

    /** What there is now. */
    Snapshot of(Shape shape) {
        Snapshot current = shape.snapshot();
        if (current != null) {
            return current;
        }
        boolean isShared = shape.subscriptions().size() > 1;
        Snapshot made = new Snapshot(shape, scene, isShared ? this : null);
        if (isShared) {
            if (shared.size() == MOST) {
                end(shared.remove());
            }
            shared.add(made);
            shape.snapshot(made);
            look();
        }
        return made;
    }

    /** Whether there is room for bytes to be kept, which are counted then. */
    boolean mayKeep(int bytes) {
        boolean may = keptBytes + bytes <= MOST_BYTES;
        if (may) {
            keptBytes += bytes;
        }
        return may;
    }

    void dropped(int bytes) {
        keptBytes -= bytes;
    }

    private static void end(Snapshot snapshot) {
        snapshot.end();
        if (snapshot.shape().snapshot() == snapshot) {
            snapshot.shape().snapshot(null);
        }
    }

    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        loop.after(LINGER_NANOS, () -> {
            looking = false;
            List<Snapshot> idle = new ArrayList<>();
            shared.removeIf(snapshot -> {
                boolean ends = !snapshot.wasRead();
                if (ends) {
                    idle.add(snapshot);
                }
                return ends;
            });
            idle.forEach(Snapshots::end);
            if (!shared.isEmpty()) {
                look();
            }
        });
    }

    // ---- what happens in the space ----

    /** A component was set, or taken off its entity. */
    void changed(Entity entity, String component, boolean isNew) {
        if (shared.isEmpty()) {
            return;
        }
        each(snapshot -> {
            if (snapshot.shape().wants(component)) {
                changed(snapshot, entity, isNew);
            }
        });
    }

    /** An entity is gone. */
    void gone(Entity entity) {
        each(snapshot -> snapshot.changed(entity));
    }

    /** An entity has come into the filter of a shape, or has left it. */
    void filtered(Shape shape, Entity entity) {
        each(snapshot -> {
            if (snapshot.shape() == shape) {
                changed(snapshot, entity, true);
            }
        });
    }

    /** Who comes later has to be told of an entity that is new; who came before is told of it when all that was there is told. */
    private static void changed(Snapshot snapshot, Entity entity, boolean isNew) {
        snapshot.changed(entity);
        if (isNew && !snapshot.has(entity, 0) && snapshot.shape().snapshot() == snapshot) {
            snapshot.shape().snapshot(null);
        }
    }

    private void each(Consumer<Snapshot> action) {
        shared.forEach(action);
    }
}

package dev.muster.node.sync;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes that are checked together and then made one after another, in this order. If one is not as it has to be, none
 * is made. They are not a transaction: others see them one after another, and if the registry fails, some are made and some
 * are not. One thread at a time.
 */
public final class SpaceBatch {

    /** One change. */
    sealed interface Step {
        /** An entity with components. */
        record Spawn(List<Record> components) implements Step {}

        /** A component set. */
        record Put(Entity entity, Record component) implements Step {}

        /** A component taken away. */
        record Take(Entity entity, String component) implements Step {}

        /** An entity ended. */
        record Despawn(Entity entity) implements Step {}
    }

    private final Space space;
    private final List<Step> steps = new ArrayList<>();

    SpaceBatch(Space space) {
        this.space = space;
    }

    /** See {@link Space#spawn}. */
    public SpaceBatch spawn(Record... components) {
        steps.add(new Step.Spawn(List.of(components)));
        return this;
    }

    /** See {@link Space#set(Entity, Record)}. */
    public SpaceBatch set(Entity entity, Record component) {
        steps.add(new Step.Put(entity, component));
        return this;
    }

    /** See {@link Space#remove(Entity, Class)}. */
    public SpaceBatch remove(Entity entity, Class<? extends Record> type) {
        steps.add(new Step.Take(entity, type.getSimpleName()));
        return this;
    }

    /** See {@link Space#despawn}. */
    public SpaceBatch despawn(Entity entity) {
        steps.add(new Step.Despawn(entity));
        return this;
    }

    /**
     * Makes the changes.
     *
     * @return when the registry has all of them: the entities spawned, in order. Fails with a {@link SyncException}, of
     *     the first change that failed
     */
    public Future<List<Entity>> run() {
        return space.run(List.copyOf(steps));
    }
}

package dev.muster.node.sync;

import dev.muster.node.sync.component.Parent;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Changes that are checked together and then made one after another, in this order. If one is not as it has to be, none
 * is made. They are not a transaction: others see them one after another, and if the registry fails, some are made and some
 * are not. One thread at a time.
 */
public final class SpaceBatch {

    /** Makes one change. */
    private interface Step {

        /** Looks whether it can be made; throws a {@link SyncException} if not. */
        Supplier<Future<?>> checked(Replica replica, SpaceWriter writer);
    }

    private final Space space;
    private final SpaceWriter writer;
    private final EntityIds ids;
    private final List<Step> steps = new ArrayList<>();
    /** All that have to be there already. */
    private final Set<Entity> concerned = new HashSet<>();

    private final Set<Entity> spawned = new LinkedHashSet<>();
    private long bytes;

    SpaceBatch(Space space, SpaceWriter writer, EntityIds ids) {
        this.space = space;
        this.writer = writer;
        this.ids = ids;
    }

    /** Makes an entity; see {@link Space#spawn}. */
    public SpaceBatch spawn(Record... components) {
        entity(components);
        return this;
    }

    /**
     * Makes an entity, as {@link #spawn} does.
     *
     * @return its id, which later steps may use already
     */
    public Entity entity(Record... components) {
        Entity entity = ids.next();
        List<Record> all = List.of(components);
        spawned.add(entity);
        concerned.addAll(SpaceChecks.parents(all));
        steps.add((replica, own) -> {
            Map<String, byte[]> encoded = own.checks().encoded(all);
            bytes += SpaceWriter.size(encoded);
            all.forEach(component -> checkParent(replica, entity, component));
            return () -> own.spawn(replica, entity, encoded);
        });
        return entity;
    }

    private void checkParent(Replica replica, Entity entity, Record component) {
        boolean ours = component instanceof Parent parent
                && spawned.contains(parent.parent())
                && !parent.parent().equals(entity);
        if (!ours) {
            writer.checkParent(replica, entity, component);
        }
    }

    /** See {@link Space#set(Entity, Record)}. */
    public SpaceBatch set(Entity entity, Record component) {
        concerned.add(entity);
        concerned.addAll(SpaceChecks.parents(List.of(component)));
        steps.add((replica, own) -> {
            byte[] encoded = own.checks().encoded(component);
            bytes += encoded.length;
            if (!spawned.contains(entity)) {
                own.require(replica, entity);
            }
            checkParent(replica, entity, component);
            return () -> own.put(replica, entity, SpaceChecks.nameOf(component), encoded);
        });
        return this;
    }

    /** See {@link Space#remove(Entity, Class)}. */
    public SpaceBatch remove(Entity entity, Class<? extends Record> type) {
        steps.add((replica, own) -> () -> own.remove(replica, entity, type.getSimpleName()));
        return this;
    }

    /** See {@link Space#despawn}. */
    public SpaceBatch despawn(Entity entity) {
        steps.add((replica, own) -> () -> own.despawn(replica, entity));
        return this;
    }

    /**
     * Makes the changes; once.
     *
     * @return when the registry has all of them: the entities spawned, in order. Fails with the {@link SyncException} of the first that failed
     */
    public Future<List<Entity>> run() {
        concerned.removeAll(spawned);
        return space.with(replica -> writer.existence()
                .settled(replica, concerned)
                .compose(settled -> writer.written(replica))
                .compose(here -> {
                    bytes = 0;
                    List<Supplier<Future<?>>> checked = steps.stream()
                            .map(step -> step.checked(replica, writer))
                            .toList();
                    writer.checks().room(replica, writer.existence().ahead(), spawned.size(), bytes);
                    return Future.join(checked.stream().map(Supplier::get).toList())
                            .map(List.copyOf(spawned));
                }));
    }
}

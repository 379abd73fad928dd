package dev.muster.node.sync;

import dev.muster.node.sync.component.Parent;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Position;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the changes of a space. On the loop of its replica, which it asks what there is.
 *
 * <p>The registry changes one entry at a time. So an entity exists by an entry of its own, which is written first and removed
 * first: a component that is set while its entity goes brings nothing back.
 */
final class SpaceWriter {

    private static final GroupPolicy POLICY = new GroupPolicy(0, Duration.ZERO, 0, GroupPolicy.Presence.OFF);

    /** How often a patch begins again: as often as somebody else was faster. */
    private static final int MAX_ATTEMPTS = 32;

    private final String group;
    private final ConnectionRegistry registry;
    private final Sync sync;
    private final SyncSettings settings;
    private final EntityIds ids;
    /** Spawned here, and not yet come back by the feed. */
    private final Set<Entity> fresh = new HashSet<>();
    /** The last change of this node that the registry has. */
    private @Nullable Position written;

    SpaceWriter(String space, ConnectionRegistry registry, Sync sync, SyncSettings settings, EntityIds ids) {
        this.group = SpaceKeys.group(space);
        this.registry = registry;
        this.sync = sync;
        this.settings = settings;
        this.ids = ids;
    }

    // ---- checks ----

    private Map<String, byte[]> encoded(Replica replica, Entity entity, List<Record> components) {
        Map<String, byte[]> encoded = new LinkedHashMap<>();
        for (Record component : components) {
            byte[] bytes = encoded(replica, entity, component);
            if (encoded.put(component.getClass().getSimpleName(), bytes) != null) {
                throw new SyncException(
                        Status.VALIDATION_ERROR,
                        "an entity has at most one " + component.getClass().getSimpleName());
            }
        }
        return encoded;
    }

    private byte[] encoded(Replica replica, Entity entity, Record component) {
        byte[] bytes = sync.type(component.getClass()).encodeAny(component);
        if (bytes.length > settings.maxComponentBytes()) {
            throw new SyncException(
                    Status.VALIDATION_ERROR,
                    component.getClass().getSimpleName() + " must have at most " + settings.maxComponentBytes()
                            + " bytes, but has " + bytes.length);
        }
        if (component instanceof Parent parent && !fresh.contains(parent.parent())) {
            Family.check(replica, entity, parent);
        }
        return bytes;
    }

    private void checkRoom(Replica replica, int more) {
        if (replica.size() + fresh.size() + more > settings.maxEntities()) {
            throw new SyncException(
                    Status.VALIDATION_ERROR, "a space holds at most " + settings.maxEntities() + " entities");
        }
    }

    private boolean exists(Replica replica, Entity entity) {
        return fresh.contains(entity) || replica.find(entity) != null;
    }

    private void require(Replica replica, Entity entity) {
        if (!exists(replica, entity)) {
            throw new SyncException(Status.NOT_FOUND, "there is no entity " + entity);
        }
    }

    /** Waits until the replica has what this node wrote. */
    Future<Void> written(Replica replica) {
        Position last = written;
        return last == null ? Future.succeededFuture() : replica.reached(last);
    }

    // ---- changes ----

    private Future<Position> publish(Replica replica, Draft draft) {
        return registry.publish(group, draft, POLICY).map(published -> {
            Position position = published.position();
            if (position == null) {
                throw new IllegalStateException("a keyed publication has a position");
            }
            replica.execute(() -> written = position);
            return position;
        });
    }

    Future<Entity> spawn(Replica replica, List<Record> components) {
        Map<String, byte[]> encoded = encoded(replica, Entity.NEW, components);
        checkRoom(replica, 1);
        return spawn(replica, encoded);
    }

    private Future<Entity> spawn(Replica replica, Map<String, byte[]> components) {
        Entity entity = ids.next();
        fresh.add(entity);
        List<Future<?>> parts = new ArrayList<>();
        Draft itself =
                Draft.put(SpaceKeys.entity(entity.bits()), Buffer.buffer()).expecting(Draft.EntryChange.ABSENT);
        parts.add(publish(replica, itself));
        components.forEach((name, bytes) ->
                parts.add(publish(replica, Draft.put(SpaceKeys.component(entity.bits(), name), Buffer.buffer(bytes)))));
        return Future.join(parts)
                .transform(done -> replica.call(() -> {
                    // What comes next has to wait until the feed brought it.
                    written(replica).onComplete(here -> replica.execute(() -> fresh.remove(entity)));
                    return done.succeeded()
                            ? Future.succeededFuture(entity)
                            : Future.<Entity>failedFuture(SyncException.of(done.cause()));
                }));
    }

    Future<Long> set(Replica replica, Entity entity, Record component) {
        byte[] bytes = encoded(replica, entity, component);
        require(replica, entity);
        return put(replica, entity, component.getClass().getSimpleName(), bytes);
    }

    private Future<Long> put(Replica replica, Entity entity, String name, byte[] bytes) {
        return publish(replica, Draft.put(SpaceKeys.component(entity.bits(), name), Buffer.buffer(bytes)))
                .map(Position::offset);
    }

    Future<Long> set(Replica replica, Entity entity, Record component, long expected) {
        byte[] bytes = encoded(replica, entity, component);
        return written(replica).compose(here -> {
            require(replica, entity);
            return swap(replica, entity, component.getClass().getSimpleName(), bytes, expected);
        });
    }

    /** Sets a component if its revision is the expected one. */
    private Future<Long> swap(Replica replica, Entity entity, String name, byte[] bytes, long expected) {
        EntityState state = replica.find(entity);
        ComponentState now = state == null ? null : state.component(name);
        if (expected != (now == null ? 0 : now.revision())) {
            return Future.failedFuture(
                    new SyncException(Status.CONFLICT, name + " has revision " + (now == null ? 0 : now.revision())));
        }
        Draft draft = Draft.put(SpaceKeys.component(entity.bits(), name), Buffer.buffer(bytes))
                .expecting(now == null ? Draft.EntryChange.ABSENT : new Position(now.epoch(), now.revision()));
        return publish(replica, draft).map(Position::offset);
    }

    <C extends Record> Future<Long> patch(Replica replica, Entity entity, Class<C> type, UnaryOperator<C> change) {
        return written(replica).compose(here -> patch(replica, entity, sync.type(type), change, 1));
    }

    private <C extends Record> Future<Long> patch(
            Replica replica, Entity entity, ComponentType<C> type, UnaryOperator<C> change, int attempt) {
        require(replica, entity);
        EntityState state = replica.find(entity);
        ComponentState now = state == null ? null : state.component(type.name());
        if (now == null) {
            throw new SyncException(Status.NOT_FOUND, "entity " + entity + " has no " + type.name());
        }
        C before = type.decode(now.bytes());
        C after = change.apply(before);
        if (after.equals(before)) {
            return Future.succeededFuture(now.revision());
        }
        return swap(replica, entity, type.name(), encoded(replica, entity, after), now.revision())
                .recover(failure -> {
                    boolean raced = SyncException.of(failure).status() == Status.CONFLICT && attempt < MAX_ATTEMPTS;
                    return raced
                            ? replica.fence().compose(here -> patch(replica, entity, type, change, attempt + 1))
                            : Future.failedFuture(failure);
                });
    }

    Future<Boolean> remove(Replica replica, Entity entity, String name) {
        return written(replica).compose(here -> {
            EntityState state = replica.find(entity);
            if (state == null || state.component(name) == null) {
                return Future.succeededFuture(false);
            }
            return publish(replica, Draft.remove(SpaceKeys.component(entity.bits(), name)))
                    .map(done -> true);
        });
    }

    /** Takes a component away if its revision is the expected one. */
    Future<Boolean> remove(Replica replica, Entity entity, String name, long expected) {
        return written(replica).compose(here -> {
            EntityState state = replica.find(entity);
            ComponentState now = state == null ? null : state.component(name);
            if (now == null || now.revision() != expected) {
                return Future.succeededFuture(false);
            }
            Draft draft = Draft.remove(SpaceKeys.component(entity.bits(), name))
                    .expecting(new Position(now.epoch(), now.revision()));
            return publish(replica, draft).map(true).recover(failure -> {
                boolean raced = SyncException.of(failure).status() == Status.CONFLICT;
                return raced ? Future.succeededFuture(false) : Future.failedFuture(failure);
            });
        });
    }

    Future<Boolean> despawn(Replica replica, Entity entity) {
        return written(replica).compose(here -> {
            EntityState state = replica.find(entity);
            if (state == null) {
                return Future.succeededFuture(false);
            }
            List<Future<?>> parts = new ArrayList<>();
            parts.add(publish(replica, Draft.remove(SpaceKeys.entity(entity.bits()))));
            for (ComponentState component : state.components()) {
                parts.add(publish(replica, Draft.remove(SpaceKeys.component(entity.bits(), component.name()))));
            }
            return Future.join(parts).map(true);
        });
    }

    /** What a step will do, once all of them have been found to be right. */
    private Supplier<Future<?>> checked(Replica replica, SpaceBatch.Step step) {
        if (step instanceof SpaceBatch.Step.Spawn spawn) {
            Map<String, byte[]> encoded = encoded(replica, Entity.NEW, spawn.components());
            return () -> spawn(replica, encoded);
        }
        if (step instanceof SpaceBatch.Step.Put put) {
            byte[] bytes = encoded(replica, put.entity(), put.component());
            require(replica, put.entity());
            return () -> put(replica, put.entity(), put.component().getClass().getSimpleName(), bytes);
        }
        if (step instanceof SpaceBatch.Step.Take take) {
            return () -> remove(replica, take.entity(), take.component());
        }
        SpaceBatch.Step.Despawn despawn = (SpaceBatch.Step.Despawn) step;
        return () -> despawn(replica, despawn.entity());
    }

    Future<List<Entity>> run(Replica replica, List<SpaceBatch.Step> steps) {
        List<Supplier<Future<?>>> changes = new ArrayList<>();
        int spawned = 0;
        for (SpaceBatch.Step step : steps) {
            changes.add(checked(replica, step));
            spawned += step instanceof SpaceBatch.Step.Spawn ? 1 : 0;
        }
        checkRoom(replica, spawned);
        List<Future<?>> made = changes.stream().<Future<?>>map(Supplier::get).toList();
        return Future.join(made).map(done -> {
            List<Entity> entities = new ArrayList<>();
            for (Future<?> each : made) {
                if (each.result() instanceof Entity entity) {
                    entities.add(entity);
                }
            }
            return entities;
        });
    }
}

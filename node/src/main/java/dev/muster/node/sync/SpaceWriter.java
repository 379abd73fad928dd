package dev.muster.node.sync;

import dev.muster.node.sync.component.Parent;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the changes of a space. On the loop of its replica, which it asks what there is.
 *
 * <p>The registry changes one entry at a time. So an entity exists by an entry of its own, which is written first and removed
 * first: a component that is set while its entity goes brings nothing back.
 */
final class SpaceWriter {

    /** How often a patch begins again: as often as somebody else was faster. */
    private static final int MAX_ATTEMPTS = 32;

    private final String group;
    private final ConnectionRegistry registry;
    private final Sync sync;
    private final SpaceChecks checks;
    private final EntityIds ids;
    private final Existence existence = new Existence();
    private final Turns turns = new Turns();

    /** The last change of this node that the registry has. */
    private @Nullable Position written;
    /** Changes that the registry has been given and has not answered. */
    private int underWay;

    SpaceWriter(String space, ConnectionRegistry registry, Sync sync, SyncSettings settings, EntityIds ids) {
        this.group = SpaceKeys.group(space);
        this.registry = registry;
        this.sync = sync;
        this.checks = new SpaceChecks(sync, settings);
        this.ids = ids;
    }

    SpaceChecks checks() {
        return checks;
    }

    Existence existence() {
        return existence;
    }

    // ---- what is known ----

    /** Waits until the replica has what this node wrote. */
    Future<Void> written(Replica replica) {
        Position last = written;
        return last == null ? Future.succeededFuture() : replica.reached(last);
    }

    private Future<Void> known(Replica replica, Entity entity) {
        return existence.settled(replica, List.of(entity)).compose(settled -> written(replica));
    }

    void require(Replica replica, Entity entity) {
        if (!existence.holds(replica, entity)) {
            throw new SyncException(Status.NOT_FOUND, "there is no entity " + entity);
        }
    }

    /** Refuses a parent that is not there, or would close a circle. */
    void checkParent(Replica replica, Entity entity, Record component) {
        if (component instanceof Parent parent) {
            if (!existence.holds(replica, parent.parent())) {
                throw new SyncException(
                        Status.VALIDATION_ERROR, "Parent: parent there is no entity " + parent.parent());
            }
            Family.check(replica, entity, parent);
        }
    }

    private static List<Entity> concerned(Entity entity, Record component) {
        List<Entity> concerned = new ArrayList<>(SpaceChecks.parents(List.of(component)));
        concerned.add(entity);
        return concerned;
    }

    // ---- publishing ----

    private Future<Position> publish(Replica replica, Draft draft) {
        underWay++;
        return registry.publish(group, draft, SpaceKeys.POLICY)
                .transform(published -> replica.call(() -> {
                    underWay--;
                    if (published.failed()) {
                        return Future.failedFuture(published.cause());
                    }
                    Position position = published.result().position();
                    if (position == null) {
                        throw new IllegalStateException("a keyed publication has a position");
                    }
                    Position before = written;
                    boolean late = before != null
                            && before.epoch().equals(position.epoch())
                            && before.offset() > position.offset();
                    if (!late) {
                        written = position;
                    }
                    return Future.succeededFuture(position);
                }));
    }

    private static Draft draft(Entity entity, String name, byte[] bytes) {
        return Draft.put(SpaceKeys.component(entity.bits(), name), Buffer.buffer(bytes));
    }

    // ---- spawning ----

    Future<Entity> spawn(Replica replica, List<Record> components) {
        Map<String, byte[]> encoded = checks.encoded(components);
        return existence.settled(replica, SpaceChecks.parents(components)).compose(settled -> {
            components.forEach(component -> checkParent(replica, Entity.NEW, component));
            checks.room(replica, existence.ahead(), 1, size(encoded));
            return spawn(replica, ids.next(), encoded).recover(failure -> {
                // The one id in a million millions that another node has had as well.
                if (SyncException.of(failure).status() != Status.CONFLICT) {
                    return Future.failedFuture(failure);
                }
                ids.renew();
                return spawn(replica, ids.next(), encoded);
            });
        });
    }

    static long size(Map<String, byte[]> encoded) {
        return encoded.values().stream().mapToLong(bytes -> bytes.length).sum();
    }

    /** Spawns one whose id is known already. Nothing of it is left if that fails, as far as the registry can be reached. */
    Future<Entity> spawn(Replica replica, Entity entity, Map<String, byte[]> components) {
        existence.add(entity);
        Future<Position> itself = publish(
                replica,
                Draft.put(SpaceKeys.entity(entity.bits()), Buffer.buffer()).expecting(Draft.EntryChange.ABSENT));
        List<Future<Position>> parts = new ArrayList<>();
        components.forEach((name, bytes) ->
                parts.add(publish(replica, draft(entity, name, bytes).expecting(Draft.EntryChange.ABSENT))));
        List<Future<Position>> all = new ArrayList<>(parts);
        all.add(itself);
        return Future.join(all)
                .transform(done -> replica.call(() -> {
                    if (done.succeeded()) {
                        forgetWhenHere(replica, entity);
                        return Future.succeededFuture(entity);
                    }
                    existence.forget(entity);
                    undo(replica, entity, itself, List.copyOf(components.keySet()), parts);
                    return Future.failedFuture(SyncException.of(done.cause()));
                }));
    }

    private void undo(
            Replica replica, Entity entity, Future<Position> itself, List<String> names, List<Future<Position>> parts) {
        if (itself.succeeded()) {
            publish(replica, Draft.remove(SpaceKeys.entity(entity.bits())).expecting(itself.result()));
        }
        for (int i = 0; i < names.size(); i++) {
            if (parts.get(i).succeeded()) {
                publish(
                        replica,
                        Draft.remove(SpaceKeys.component(entity.bits(), names.get(i)))
                                .expecting(parts.get(i).result()));
            }
        }
    }

    private void forgetWhenHere(Replica replica, Entity entity) {
        written(replica).onComplete(here -> replica.execute(() -> existence.forget(entity)));
    }

    // ---- components ----

    Future<Long> set(Replica replica, Entity entity, Record component) {
        byte[] bytes = checks.encoded(component);
        return existence
                .settled(replica, concerned(entity, component))
                // A parent made just now may have been given a parent of its own.
                .compose(settled -> component instanceof Parent ? written(replica) : Future.succeededFuture())
                .compose(here -> {
                    require(replica, entity);
                    checkParent(replica, entity, component);
                    return put(replica, entity, SpaceChecks.nameOf(component), bytes);
                });
    }

    Future<Long> put(Replica replica, Entity entity, String name, byte[] bytes) {
        checks.room(replica, 0, 0, bytes.length);
        return publish(replica, draft(entity, name, bytes)).map(Epoch::revisionOf);
    }

    Future<Long> set(Replica replica, Entity entity, Record component, long expected) {
        byte[] bytes = checks.encoded(component);
        return existence
                .settled(replica, concerned(entity, component))
                .compose(settled -> written(replica))
                .compose(here -> {
                    require(replica, entity);
                    checkParent(replica, entity, component);
                    return expecting(replica, entity, SpaceChecks.nameOf(component), bytes, expected);
                });
    }

    /** A revision that is not the one here may be another node's newest. */
    private Future<Long> expecting(Replica replica, Entity entity, String name, byte[] bytes, long expected) {
        if (expected == revision(replica, entity, name)) {
            return swap(replica, entity, name, bytes, expected);
        }
        return replica.fence().compose(here -> swap(replica, entity, name, bytes, expected));
    }

    private static @Nullable ComponentState component(Replica replica, Entity entity, String name) {
        EntityState state = replica.find(entity);
        return state == null ? null : state.component(name);
    }

    private static long revision(Replica replica, Entity entity, String name) {
        ComponentState now = component(replica, entity, name);
        return now == null ? 0 : now.revision();
    }

    /** Sets a component if its revision is the expected one. */
    private Future<Long> swap(Replica replica, Entity entity, String name, byte[] bytes, long expected) {
        ComponentState now = component(replica, entity, name);
        long revision = now == null ? 0 : now.revision();
        if (expected != revision) {
            return Future.failedFuture(new SyncException(
                    Status.CONFLICT, name + " has revision " + revision + ", not " + Long.toUnsignedString(expected)));
        }
        checks.room(replica, 0, 0, bytes.length);
        Position position = now == null ? Draft.EntryChange.ABSENT : now.position();
        return publish(replica, draft(entity, name, bytes).expecting(position)).map(Epoch::revisionOf);
    }

    <C extends Record> Future<Long> patch(Replica replica, Entity entity, Class<C> type, UnaryOperator<C> change) {
        ComponentType<C> declared = sync.type(type);
        return turns.next(
                SpaceKeys.component(entity.bits(), declared.name()),
                replica,
                () -> known(replica, entity).compose(here -> patch(replica, entity, declared, change, 1)));
    }

    private <C extends Record> Future<Long> patch(
            Replica replica, Entity entity, ComponentType<C> type, UnaryOperator<C> change, int attempt) {
        require(replica, entity);
        ComponentState now = component(replica, entity, type.name());
        if (now == null) {
            throw new SyncException(Status.NOT_FOUND, "entity " + entity + " has no " + type.name());
        }
        C before = type.decode(now.bytes());
        C after = change.apply(before);
        if (after.equals(before)) {
            return Future.succeededFuture(now.revision());
        }
        checkParent(replica, entity, after);
        return swap(replica, entity, type.name(), checks.encoded(after), now.revision())
                .recover(failure -> {
                    boolean raced = SyncException.of(failure).status() == Status.CONFLICT && attempt < MAX_ATTEMPTS;
                    return raced
                            ? replica.fence().compose(here -> patch(replica, entity, type, change, attempt + 1))
                            : Future.failedFuture(failure);
                });
    }

    // ---- removing ----

    Future<Boolean> remove(Replica replica, Entity entity, String name) {
        return known(replica, entity).compose(here -> {
            boolean has = component(replica, entity, name) != null;
            // One that is being set now is not here yet, and is to go as well.
            return has || underWay > 0 && existence.holds(replica, entity)
                    ? publish(replica, Draft.remove(SpaceKeys.component(entity.bits(), name)))
                            .map(done -> has)
                    : Future.succeededFuture(false);
        });
    }

    /** Takes a component away if its revision is the expected one. */
    Future<Boolean> remove(Replica replica, Entity entity, String name, long expected) {
        return written(replica).compose(here -> {
            ComponentState now = component(replica, entity, name);
            if (now == null || now.revision() != expected) {
                return Future.succeededFuture(false);
            }
            Draft draft = Draft.remove(SpaceKeys.component(entity.bits(), name)).expecting(now.position());
            return publish(replica, draft).map(true).recover(failure -> {
                boolean raced = SyncException.of(failure).status() == Status.CONFLICT;
                return raced ? Future.succeededFuture(false) : Future.failedFuture(failure);
            });
        });
    }

    Future<Boolean> despawn(Replica replica, Entity entity) {
        return known(replica, entity).compose(here -> {
            EntityState state = replica.find(entity);
            if (state == null || !existence.holds(replica, entity)) {
                return Future.succeededFuture(false);
            }
            List<Future<?>> parts = new ArrayList<>();
            parts.add(publish(replica, Draft.remove(SpaceKeys.entity(entity.bits()))));
            for (ComponentState component : state.components()) {
                parts.add(publish(replica, Draft.remove(SpaceKeys.component(entity.bits(), component.name()))));
            }
            return Future.join(parts)
                    .transform(done -> replica.call(() -> {
                        if (parts.get(0).failed()) {
                            return Future.failedFuture(parts.get(0).cause());
                        }
                        // It is gone; components that could not be removed are orphans now.
                        existence.remove(entity);
                        forgetWhenHere(replica, entity);
                        return Future.succeededFuture(true);
                    }));
        });
    }
}

package dev.muster.node.sync;

import dev.muster.registry.ConnectionRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A space as an application uses it: entities that have components, the same on every node. Any thread; futures complete
 * on the caller's Vert.x context if there is one. Those of changes complete when the registry has the change, and fail with
 * a {@link SyncException}. What this node has changed, it reads.
 */
public final class Space {

    private final String name;
    private final Spaces spaces;
    private final EntityIds ids;
    private final SpaceWriter writer;

    Space(String name, ConnectionRegistry registry, Spaces spaces, EntityIds ids) {
        this.name = name;
        this.spaces = spaces;
        this.ids = ids;
        this.writer = new SpaceWriter(name, registry, spaces.sync(), spaces.settings(), ids);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Does something on the loop of the replica, which is kept meanwhile. */
    <T> Future<T> with(Function<Replica, Future<T>> action) {
        ContextInternal caller = ContextInternal.current();
        Promise<T> promise = caller == null ? Promise.promise() : caller.promise();
        spaces.open(name)
                .compose(use ->
                        use.replica().call(() -> action.apply(use.replica())).onComplete(ended -> use.end()))
                .onComplete(done -> {
                    if (done.succeeded()) {
                        promise.complete(done.result());
                    } else {
                        promise.fail(SyncException.of(done.cause()));
                    }
                });
        return promise.future();
    }

    // ---- changing ----

    /**
     * Makes an entity.
     *
     * @param components at most one of each type
     * @return its id
     */
    public Future<Entity> spawn(Record... components) {
        return with(replica -> writer.spawn(replica, List.of(components)));
    }

    /**
     * Sets a component, whatever it was before.
     *
     * @return the component's revision; fails with NOT_FOUND if there is no such entity
     */
    public Future<Long> set(Entity entity, Record component) {
        return with(replica -> writer.set(replica, entity, component));
    }

    /**
     * Sets a component if nobody has changed it since.
     *
     * @param expected the revision that it has; 0 if the entity must not have it
     * @return its new revision; fails with CONFLICT, or with NOT_FOUND if there is no such entity
     */
    public Future<Long> set(Entity entity, Record component, long expected) {
        return with(replica -> writer.set(replica, entity, component, expected));
    }

    /**
     * Changes a component by what it is. If somebody else changes it meanwhile, again by what it is then.
     *
     * @param change on an event loop, perhaps several times; must not block. May return what it was given, which changes
     *     nothing
     * @return its new revision; fails with NOT_FOUND if the entity does not have it
     */
    public <C extends Record> Future<Long> patch(Entity entity, Class<C> type, UnaryOperator<C> change) {
        return with(replica -> writer.patch(replica, entity, type, change));
    }

    /**
     * Takes a component away.
     *
     * @return whether the entity had it
     */
    public Future<Boolean> remove(Entity entity, Class<? extends Record> type) {
        return remove(entity, type.getSimpleName());
    }

    /** Takes a component away, be its type known here or not; see {@link #remove(Entity, Class)}. */
    public Future<Boolean> remove(Entity entity, String component) {
        return with(replica -> writer.remove(replica, entity, component));
    }

    /**
     * Takes a component away if nobody has changed it since.
     *
     * @param expected the revision that it has
     * @return whether it had that
     */
    public Future<Boolean> remove(Entity entity, String component, long expected) {
        return with(replica -> writer.remove(replica, entity, component, expected));
    }

    /**
     * Ends an entity with all its components. Its children stay.
     *
     * @return whether there was one
     */
    public Future<Boolean> despawn(Entity entity) {
        return with(replica -> writer.despawn(replica, entity));
    }

    /** Several changes in one go. */
    public SpaceBatch batch() {
        return new SpaceBatch(this, writer, ids);
    }

    // ---- reading ----

    /** A component as it is; empty if the entity does not have it, or is none. */
    public <C extends Record> Future<Optional<C>> read(Entity entity, Class<C> type) {
        return query(replica -> {
            EntityState state = replica.find(entity);
            return state == null ? Optional.empty() : Optional.ofNullable(state.component(type));
        });
    }

    /** Whether there is such an entity. */
    public Future<Boolean> exists(Entity entity) {
        return query(replica -> replica.find(entity) != null);
    }

    /** The entities whose {@link dev.muster.node.sync.component.Parent} this one is. */
    public Future<Set<Entity>> children(Entity parent) {
        return query(replica -> {
            Set<Entity> children = new LinkedHashSet<>();
            replica.forEachChild(parent, child -> children.add(child.entity()));
            return children;
        });
    }

    /**
     * Asks the node's replica, which knows what this node has changed.
     *
     * @param question on the replica's loop; must not block, nor keep what it sees
     */
    public <T> Future<T> query(Function<Replica, T> question) {
        return with(replica -> writer.written(replica).map(all -> question.apply(replica)));
    }

    /**
     * Tells of the components of a type: first of all there are, then of each change.
     *
     * @return when those that are there have been told
     */
    public <C extends Record> Future<Watch> watch(Class<C> type, ComponentWatcher<C> watcher) {
        ComponentType<C> declared = spaces.sync().type(type);
        return spaces.open(name)
                .compose(use -> use.replica().call(() -> {
                    Replica replica = use.replica();
                    List<ComponentState> there = new ArrayList<>();
                    replica.forEach(declared.name(), there::add);
                    there.forEach(component -> watcher.onSet(
                            component.entity().entity(), declared.decode(component.bytes()), component.revision()));
                    Watch listening = replica.listen(new WatchedType<>(declared, watcher));
                    return Future.succeededFuture(() -> {
                        listening.end();
                        use.end();
                    });
                }));
    }
}

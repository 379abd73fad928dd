package dev.muster.node.sync.external;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Identity;
import dev.muster.node.sync.ComponentType;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.MutationPolicy.Action;
import dev.muster.node.sync.Replica;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.SpaceBatch;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.Turns;
import dev.muster.node.sync.component.ExternalId;
import dev.muster.node.sync.component.Owner;
import dev.muster.node.sync.component.Template;
import dev.muster.node.sync.session.Rights;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A space whose entities clients call by ids of their own. What they want is allowed, checked and made as every other
 * mutation, and all of it or nothing: all of an entity's components are looked at before anything is made. On the space's
 * loop but where it is said.
 *
 * <p>What is done to one id is done one after another, whoever of this node's clients does it.
 */
final class ExternalSpace {

    private static final JsonFactory JSON = new JsonFactory();

    private final Space space;
    private final Replica replica;
    private final Sync sync;
    private final Rights rights;
    private final ExternalIds ids;
    private final Turns turns = new Turns();

    ExternalSpace(Space space, Replica replica, Sync sync, Rights rights, ExternalIds ids) {
        this.space = space;
        this.replica = replica;
        this.sync = sync;
        this.rights = rights;
        this.ids = ids;
    }

    /** Does something on the space's loop. Any thread. */
    <T> Future<T> call(Supplier<Future<T>> action) {
        return replica.call(action);
    }

    // ---- spawning ----

    Future<Void> spawn(Connection who, Spawn wanted) {
        return turns.next(wanted.id(), replica, () -> {
            List<Record> components = components(who, wanted);
            return requireUnused(wanted.id()).compose(unused -> {
                for (Record component : components) {
                    String name = component.getClass().getSimpleName();
                    rights.check(who, Action.SPAWN, Entity.NEW, null, name, component);
                }
                return space.spawn(components.toArray(Record[]::new)).compose(made -> requireFirst(wanted.id(), made));
            });
        });
    }

    private List<Record> components(Connection who, Spawn wanted) {
        List<Record> components = new ArrayList<>();
        components.add(new ExternalId(wanted.id()));
        if (!wanted.template().isEmpty()) {
            components.add(new Template(wanted.template()));
        }
        if (!wanted.owner().isEmpty()) {
            Identity identity = who.identity();
            if (!wanted.owner().equals(identity.clientId()) && !wanted.owner().equals(identity.userId())) {
                throw new SyncException(Status.FORBIDDEN, "the owner must be your own client id or user id, or nobody");
            }
            if (identity.userId() != null) {
                components.add(new Owner(identity.userId()));
            }
        }
        wanted.components().forEach((name, json) -> components.add(read(Rights.settable(sync, name), json)));
        return components;
    }

    /** An entity that is here may be gone in the registry already, so that is asked before a client is refused. */
    private Future<Void> requireUnused(String id) {
        if (ids.find(id) == null) {
            return Future.succeededFuture();
        }
        return replica.fence().compose(here -> {
            if (ids.find(id) != null) {
                throw isThere();
            }
            return Future.succeededFuture();
        });
    }

    private static SyncException isThere() {
        return new SyncException(Status.CONFLICT, "there is one already");
    }

    /**
     * Two nodes may spawn the same id at once, as neither knows of the other's. Each waits until its own is here, and with
     * it everything that came before: so both see the same one as the first, and the other is taken back.
     */
    private Future<Void> requireFirst(String id, Entity made) {
        return space.query(replica -> {
                    Entity first = ids.find(id);
                    return first == null || first.equals(made);
                })
                .compose(isFirst -> isFirst
                        ? Future.succeededFuture()
                        : space.despawn(made).transform(any -> Future.failedFuture(isThere())));
    }

    // ---- changing ----

    Future<Void> update(Connection who, String id, Map<String, String> components) {
        return turns.next(
                id,
                replica,
                () -> found(id).compose(state -> {
                    Entity entity = state.entity();
                    Rights.checkFree(who, state);
                    List<Record> values = new ArrayList<>();
                    components.forEach((name, json) -> {
                        if (name.equals(ExternalIds.COMPONENT)) {
                            throw new SyncException(
                                    Status.VALIDATION_ERROR,
                                    name + " stays what it is: it is what the entity is called");
                        }
                        Record value = read(Rights.settable(sync, name), json);
                        rights.check(who, Action.SET, entity, state, name, value);
                        values.add(value);
                    });
                    return set(entity, values);
                }));
    }

    private Future<Void> set(Entity entity, List<Record> values) {
        if (values.size() == 1) {
            return space.set(entity, values.get(0)).mapEmpty();
        }
        SpaceBatch batch = space.batch();
        values.forEach(value -> batch.set(entity, value));
        return batch.run().mapEmpty();
    }

    Future<Void> despawn(Connection who, String id) {
        return turns.next(
                id,
                replica,
                () -> found(id).compose(state -> {
                    Rights.checkFree(who, state);
                    rights.check(who, Action.DESPAWN, state.entity(), state, null, null);
                    return space.despawn(state.entity())
                            .compose(was -> was ? Future.succeededFuture() : Future.failedFuture(isNotThere()))
                            // Who spawns it again is next: then it has to be gone here too.
                            .compose(gone -> space.query(replica -> null));
                }));
    }

    /** One that is not here may have come to be on another node just now. */
    private Future<EntityState> found(String id) {
        EntityState state = find(id);
        return state != null
                ? Future.succeededFuture(state)
                : replica.fence().map(here -> {
                    EntityState now = find(id);
                    if (now == null) {
                        throw isNotThere();
                    }
                    return now;
                });
    }

    private @Nullable EntityState find(String id) {
        Entity entity = ids.find(id);
        return entity == null ? null : replica.find(entity);
    }

    private static SyncException isNotThere() {
        return new SyncException(Status.NOT_FOUND, "there is none");
    }

    // ---- reading ----

    private static <C extends Record> C read(ComponentType<C> type, String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            C value = type.readJson(parser);
            if (parser.nextToken() != null) {
                throw new SyncException(Status.VALIDATION_ERROR, type.name() + ": must be one JSON object");
            }
            return value;
        } catch (IOException broken) {
            throw new SyncException(Status.VALIDATION_ERROR, type.name() + ": must be JSON");
        }
    }

    /** What there is, with all that the registry has had before this was called. */
    Future<List<Seen>> entities(Identity identity, int most, long mostBytes) {
        return replica.fence()
                .compose(here -> replica.call(() ->
                        Future.succeededFuture(new View(sync, space.name(), identity, ids, most, mostBytes).take())));
    }
}

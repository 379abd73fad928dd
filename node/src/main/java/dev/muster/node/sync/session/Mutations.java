package dev.muster.node.sync.session;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.muster.node.sync.ComponentState;
import dev.muster.node.sync.ComponentType;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.MutationPolicy.Action;
import dev.muster.node.sync.Replica;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.Spaces;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.Sync;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.Turns;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the changes that clients want, if they may. Those of one client to one entity are made one after another; the
 * client is answered before it is told of what it caused. On the space's loop.
 */
final class Mutations {

    private static final Logger LOG = LoggerFactory.getLogger(Mutations.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final Space space;
    private final Replica replica;
    private final Sync sync;
    private final Rights rights;
    private final Controls controls;
    private final SyncHub hub;
    private final int maxBytes;
    private final Turns turns = new Turns();
    private final Set<SyncSession> spawning = new LinkedHashSet<>();

    Mutations(Space space, Replica replica, Spaces spaces, Rights rights, Controls controls, SyncHub hub) {
        this.space = space;
        this.replica = replica;
        this.sync = spaces.sync();
        this.maxBytes = spaces.settings().maxComponentBytes();
        this.rights = rights;
        this.controls = controls;
        this.hub = hub;
    }

    /** What was made. */
    private record Made(@Nullable Entity entity, @Nullable Long revision) {}

    void take(SyncSession session, Request.Mutate wanted, Runnable done) {
        boolean isSpawn = wanted.entity().equals(Entity.NEW);
        Future<Made> making = isSpawn ? spawning(session, wanted) : inOrder(session, wanted);
        making.onComplete(made -> hub.execute(() -> {
            if (isSpawn) {
                spawned(session);
            } else {
                session.letGo(wanted.entity());
            }
            if (!session.isClosed()) {
                session.send(answer(wanted, made.succeeded() ? made.result() : null, made.cause()));
                hub.owes(session);
            }
            done.run();
        }));
    }

    private static Answer.Mutated answer(Request.Mutate wanted, @Nullable Made made, @Nullable Throwable failure) {
        if (made != null) {
            return new Answer.Mutated(wanted.requestId(), Status.OK, made.entity(), made.revision(), null);
        }
        SyncException why = SyncException.of(failure == null ? new IllegalStateException() : failure);
        if (why.status() == Status.INTERNAL_ERROR) {
            LOG.debug("A client's change of a space failed", failure);
        }
        Entity entity = wanted.entity().equals(Entity.NEW) ? null : wanted.entity();
        return new Answer.Mutated(wanted.requestId(), why.status(), entity, null, why.getMessage());
    }

    // ---- the order of one client's changes, and that of answers and what they caused ----

    private Future<Made> inOrder(SyncSession session, Request.Mutate wanted) {
        session.hold(wanted.entity());
        return turns.next(new Turn(session, wanted.entity()), replica, () -> change(session, wanted));
    }

    /** What one client does to one entity. */
    private record Turn(SyncSession session, Entity entity) {}

    private Future<Made> spawning(SyncSession session, Request.Mutate wanted) {
        session.spawning();
        spawning.add(session);
        return Future.<Void>succeededFuture().compose(now -> spawn(session, wanted));
    }

    /** Its id is not known yet to who waits for it: nothing that came since is told to them. */
    void onSpawned(Entity entity) {
        spawning.forEach(session -> session.spawnedMeanwhile(entity));
    }

    private void spawned(SyncSession session) {
        if (session.spawned()) {
            spawning.remove(session);
        }
    }

    void onGone(SyncSession session) {
        spawning.remove(session);
    }

    // ---- making ----

    private Future<Made> spawn(SyncSession session, Request.Mutate wanted) {
        ComponentType<?> type = Rights.settable(sync, wanted.component());
        Request.Edit edit = wanted.edit();
        if (edit instanceof Request.Edit.Patch || edit instanceof Request.Edit.Remove) {
            throw new SyncException(Status.VALIDATION_ERROR, "an entity is spawned with the value of a component");
        }
        Record value = read(type, edit);
        rights.check(session.connection(), Action.SPAWN, Entity.NEW, null, type.name(), value);
        return space.spawn(value).map(entity -> new Made(entity, null));
    }

    private Future<Made> change(SyncSession session, Request.Mutate wanted) {
        if (isHere(wanted)) {
            return changeNow(session, wanted);
        }
        // It may have come to be just now, on another node, or on this one and is not back from the registry yet.
        return replica.fence().compose(here -> changeNow(session, wanted));
    }

    /** Whether everything is known that must be there to be changed. */
    private boolean isHere(Request.Mutate wanted) {
        EntityState state = replica.find(wanted.entity());
        if (state == null) {
            return false;
        }
        boolean isOfComponent = wanted.edit() instanceof Request.Edit.Patch
                || wanted.edit() instanceof Request.Edit.Remove
                        && !wanted.component().isEmpty();
        return !isOfComponent || state.component(wanted.component()) != null;
    }

    private Future<Made> changeNow(SyncSession session, Request.Mutate wanted) {
        Entity entity = wanted.entity();
        EntityState state = replica.find(entity);
        if (state == null) {
            throw new SyncException(Status.NOT_FOUND, "there is no entity " + entity);
        }
        Rights.checkFree(session.connection(), state);
        if (wanted.edit() instanceof Request.Edit.Remove) {
            return remove(session, wanted, state).map(gone -> new Made(entity, null));
        }
        ComponentType<?> type = Rights.settable(sync, wanted.component());
        return edit(session, wanted, state, type)
                .map(revision -> new Made(entity, revision))
                .onSuccess(made -> hub.execute(() -> controls.active(session, entity)));
    }

    private Future<Boolean> remove(SyncSession session, Request.Mutate wanted, EntityState state) {
        Entity entity = state.entity();
        String component = wanted.component();
        if (component.isEmpty()) {
            rights.check(session.connection(), Action.DESPAWN, entity, state, null, null);
            return space.despawn(entity)
                    .compose(was -> was
                            ? Future.succeededFuture(true)
                            : Future.failedFuture(new SyncException(Status.NOT_FOUND, "there is no entity " + entity)));
        }
        Rights.refuseControl(component);
        if (state.component(component) == null) {
            throw none(entity, component);
        }
        rights.check(session.connection(), Action.REMOVE, entity, state, component, null);
        return space.remove(entity, component)
                .compose(was -> was ? Future.succeededFuture(true) : Future.failedFuture(none(entity, component)));
    }

    private static SyncException none(Entity entity, String component) {
        return new SyncException(Status.NOT_FOUND, "entity " + entity + " has no " + component);
    }

    private <C extends Record> Future<Long> edit(
            SyncSession session, Request.Mutate wanted, EntityState state, ComponentType<C> type) {
        Entity entity = state.entity();
        if (wanted.edit() instanceof Request.Edit.Patch patch) {
            ComponentState before = state.component(type.name());
            if (before == null) {
                throw none(entity, type.name());
            }
            C merged = merge(type, type.decode(before.bytes()), patch.json());
            rights.check(session.connection(), Action.SET, entity, state, type.name(), merged);
            Long expected = patch.expected();
            return expected == null
                    ? space.patch(entity, type.type(), now -> merge(type, now, patch.json()))
                    : space.set(entity, merged, expected);
        }
        C value = read(type, wanted.edit());
        rights.check(session.connection(), Action.SET, entity, state, type.name(), value);
        Long expected = wanted.edit() instanceof Request.Edit.Value json ? json.expected() : null;
        return expected == null ? space.set(entity, value) : space.set(entity, value, expected);
    }

    // ---- reading and judging ----

    private <C extends Record> C read(ComponentType<C> type, Request.Edit edit) {
        if (edit instanceof Request.Edit.Bytes bytes) {
            int most = maxBytes;
            if (bytes.value().length() > most) {
                // Before anything is made of them.
                throw new SyncException(Status.VALIDATION_ERROR, type.name() + " must have at most " + most + " bytes");
            }
            C value = type.decode(bytes.value().getBytes());
            type.validate(value);
            return value;
        }
        Buffer json = ((Request.Edit.Value) edit).json();
        return parse(type, json, type::readJson);
    }

    private static <C extends Record> C merge(ComponentType<C> type, C before, Buffer patch) {
        return parse(type, patch, parser -> type.merge(before, parser));
    }

    /** Makes something of JSON. */
    private interface Reading<C> {
        C read(JsonParser parser) throws IOException;
    }

    private static <C extends Record> C parse(ComponentType<C> type, Buffer json, Reading<C> reading) {
        try (JsonParser parser = JSON.createParser(json.getBytes())) {
            parser.nextToken();
            return reading.read(parser);
        } catch (IOException broken) {
            throw new SyncException(Status.VALIDATION_ERROR, type.name() + ": must be JSON");
        }
    }
}

package dev.muster.node.sync.session;

import dev.muster.node.sync.ComponentState;
import dev.muster.node.sync.Entity;
import dev.muster.node.sync.EntityState;
import dev.muster.node.sync.MutationPolicy.Action;
import dev.muster.node.sync.Replica;
import dev.muster.node.sync.Space;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.SyncException;
import dev.muster.node.sync.Turns;
import dev.muster.node.sync.component.EntityControl;
import dev.muster.registry.NodeId;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets clients have entities for themselves. Who has one is a component of it, set and removed only if it is what it was
 * thought to be: of two who take at once, on whichever nodes, one wins. The holder's node releases what the holder does
 * not use; what a dead node's clients held is released by any other. On the space's loop.
 */
final class Controls {

    private static final Logger LOG = LoggerFactory.getLogger(Controls.class);

    static final String CONTROL = EntityControl.class.getSimpleName();

    /** How long somebody may have an entity without doing anything with it. */
    static final long IDLE_NANOS = 30_000_000_000L;

    /** How often a take begins again because somebody else was faster. */
    private static final int MAX_ATTEMPTS = 8;

    /** What a client holds since, and with it the children that came along. */
    private static final class Hold {
        /** With the revision of the control of each. */
        final Map<Entity, Long> entities = new HashMap<>();

        long active;
    }

    private final Space space;
    private final Replica replica;
    private final Rights rights;
    private final Function<String, Future<Optional<NodeId>>> nodeOf;
    private final SyncHub hub;
    private final Clock clock;
    private final Map<SyncSession, Map<Entity, Hold>> holds = new HashMap<>();
    private final Turns turns = new Turns();

    /**
     * @param nodeOf which node holds a connection, if any does
     */
    Controls(
            Space space,
            Replica replica,
            Rights rights,
            Function<String, Future<Optional<NodeId>>> nodeOf,
            SyncHub hub,
            Clock clock) {
        this.space = space;
        this.replica = replica;
        this.rights = rights;
        this.nodeOf = nodeOf;
        this.hub = hub;
        this.clock = clock;
    }

    // ---- for mutations ----

    /** The holder did something with an entity. */
    void active(SyncSession session, Entity entity) {
        for (Hold hold : holds.getOrDefault(session, Map.of()).values()) {
            if (hold.entities.containsKey(entity)) {
                hold.active = hub.loop().nanoTime();
            }
        }
    }

    static @Nullable EntityControl controlOf(EntityState entity) {
        ComponentState state = entity.component(CONTROL);
        try {
            return state == null ? null : state.as(EntityControl.class);
        } catch (SyncException otherBytes) {
            LOG.debug("The control of {} is none", entity.entity(), otherBytes);
            return null;
        }
    }

    private static String idOf(SyncSession session) {
        return session.connection().id();
    }

    // ---- taking ----

    void take(SyncSession session, Request.Take wanted, Runnable done) {
        Entity entity = wanted.entity();
        session.hold(entity);
        inOrder(
                        session,
                        () -> found(entity).compose(state -> {
                            rights.check(session.connection(), Action.CONTROL, entity, state, CONTROL, null);
                            return take(session, entity, 1);
                        }))
                .onComplete(ended -> hub.execute(() -> {
                    session.letGo(entity);
                    answer(session, wanted.requestId(), ended.result(), ended.cause());
                    done.run();
                }));
    }

    /** How it ended: who has it, or null for who asked. */
    private record Ended(Answer.Outcome outcome, int by) {}

    /** A wire may have no ids for these: the answers of one client come in the order of what it asked. */
    private Future<Ended> inOrder(SyncSession session, Supplier<Future<Ended>> attempt) {
        return turns.next(session, replica, attempt);
    }

    private void answer(
            SyncSession session, @Nullable Long requestId, @Nullable Ended ended, @Nullable Throwable failure) {
        if (session.isClosed()) {
            return;
        }
        if (ended != null) {
            session.send(new Answer.Controlled(requestId, ended.outcome(), ended.by(), null));
        } else {
            SyncException why = SyncException.of(failure == null ? new IllegalStateException() : failure);
            session.send(new Answer.Controlled(requestId, Answer.Outcome.ERROR, 0, why.getMessage()));
        }
        hub.owes(session);
    }

    private Future<EntityState> found(Entity entity) {
        EntityState state = replica.find(entity);
        return state != null
                ? Future.succeededFuture(state)
                : replica.fence().compose(here -> {
                    EntityState now = replica.find(entity);
                    return now != null
                            ? Future.succeededFuture(now)
                            : Future.failedFuture(new SyncException(Status.NOT_FOUND, "there is no entity " + entity));
                });
    }

    private Future<Ended> take(SyncSession session, Entity entity, int attempt) {
        EntityState state = replica.find(entity);
        if (state == null) {
            return Future.failedFuture(new SyncException(Status.NOT_FOUND, "there is no entity " + entity));
        }
        ComponentState before = state.component(CONTROL);
        EntityControl control = controlOf(state);
        long revision = before == null ? 0 : before.revision();
        if (control == null || control.holder().equals(idOf(session))) {
            return put(session, entity, revision, attempt);
        }
        return isAlive(control.holder())
                .compose(alive -> alive
                        ? Future.succeededFuture(new Ended(Answer.Outcome.ALREADY_CONTROLLED, control.client()))
                        : put(session, entity, revision, attempt));
    }

    private Future<Ended> put(SyncSession session, Entity entity, long revision, int attempt) {
        return space.set(entity, control(session), revision).transform(put -> {
            if (put.succeeded()) {
                return taken(session, entity, put.result());
            }
            boolean raced = SyncException.of(put.cause()).status() == Status.CONFLICT;
            return raced && attempt < MAX_ATTEMPTS
                    ? replica.fence().compose(here -> take(session, entity, attempt + 1))
                    : Future.failedFuture(put.cause());
        });
    }

    private EntityControl control(SyncSession session) {
        String holder = idOf(session);
        return new EntityControl(holder, ClientNumber.of(holder), clock.millis());
    }

    private Future<Ended> taken(SyncSession session, Entity entity, long revision) {
        Hold hold =
                holds.computeIfAbsent(session, first -> new HashMap<>()).computeIfAbsent(entity, first -> new Hold());
        hold.entities.put(entity, revision);
        hold.active = hub.loop().nanoTime();
        List<Future<?>> children = new ArrayList<>();
        for (Entity child : Descendants.of(replica, entity, this::isFree)) {
            children.add(space.set(child, control(session), 0)
                    .onSuccess(own -> hub.execute(() -> hold.entities.put(child, own))));
        }
        // A child that somebody else has taken meanwhile stays theirs.
        return Future.join(children)
                .transform(any -> Future.succeededFuture(new Ended(Answer.Outcome.TAKEN, 0)))
                .onSuccess(ended -> hub.execute(() -> releaseIfGone(session)));
    }

    private boolean isFree(EntityState child) {
        return child.component(CONTROL) == null;
    }

    // ---- releasing ----

    void release(SyncSession session, Request.Release unwanted, Runnable done) {
        Entity entity = unwanted.entity();
        session.hold(entity);
        inOrder(session, () -> found(entity).compose(state -> release(session, state)))
                .onComplete(ended -> hub.execute(() -> {
                    session.letGo(entity);
                    answer(session, unwanted.requestId(), ended.result(), ended.cause());
                    done.run();
                }));
    }

    private Future<Ended> release(SyncSession session, EntityState state) {
        Entity entity = state.entity();
        Hold hold = holds.getOrDefault(session, Map.of()).get(entity);
        if (hold != null) {
            forget(session, entity);
            return letGo(hold.entities).map(new Ended(Answer.Outcome.RELEASED, 0));
        }
        // The last change of this node may not have come back here yet.
        return space.query(here -> Optional.ofNullable(here.find(entity)))
                .compose(now -> now.isPresent()
                        ? releaseAlone(session, now.get())
                        : Future.failedFuture(new SyncException(Status.NOT_FOUND, "there is no entity " + entity)));
    }

    private Future<Ended> releaseAlone(SyncSession session, EntityState state) {
        ComponentState component = state.component(CONTROL);
        EntityControl control = controlOf(state);
        if (component == null || control == null) {
            return Future.succeededFuture(new Ended(Answer.Outcome.NOT_CONTROLLED, 0));
        }
        if (!control.holder().equals(idOf(session))) {
            return Future.succeededFuture(new Ended(Answer.Outcome.ALREADY_CONTROLLED, control.client()));
        }
        Entity entity = state.entity();
        // It came with its parent; released alone it is free, whatever becomes of that.
        holds.getOrDefault(session, Map.of()).values().forEach(other -> other.entities.remove(entity));
        return letGo(Map.of(entity, component.revision())).map(new Ended(Answer.Outcome.RELEASED, 0));
    }

    private void forget(SyncSession session, Entity entity) {
        holds.computeIfPresent(session, (key, own) -> {
            own.remove(entity);
            return own.isEmpty() ? null : own;
        });
    }

    /** Frees entities whose control is still what it was; what somebody else took meanwhile stays theirs. */
    private Future<?> letGo(Map<Entity, Long> controls) {
        List<Future<?>> removals = new ArrayList<>();
        controls.forEach((entity, revision) -> removals.add(space.remove(entity, CONTROL, revision)
                .onFailure(failure -> LOG.debug("The control of {} was not released", entity, failure))));
        return Future.join(removals).otherwiseEmpty();
    }

    /** The client is gone: what it held is free. */
    void onGone(SyncSession session) {
        Map<Entity, Hold> own = holds.remove(session);
        if (own != null) {
            own.values().forEach(hold -> letGo(hold.entities));
        }
    }

    /** It went while its take was under way. */
    private void releaseIfGone(SyncSession session) {
        if (session.isClosed()) {
            onGone(session);
        }
    }

    /** Releases what its holder has not used for long. Each second or so. */
    void releaseIdle() {
        long now = hub.loop().nanoTime();
        for (SyncSession session : List.copyOf(holds.keySet())) {
            Map<Entity, Hold> own = holds.getOrDefault(session, Map.of());
            for (Map.Entry<Entity, Hold> entry : List.copyOf(own.entrySet())) {
                if (now - entry.getValue().active >= IDLE_NANOS) {
                    forget(session, entry.getKey());
                    letGo(entry.getValue().entities);
                }
            }
        }
    }

    // ---- holders that are gone ----

    private Future<Boolean> isAlive(String holder) {
        return local(holder) != null
                ? Future.succeededFuture(true)
                : nodeOf.apply(holder).map(Optional::isPresent);
    }

    private @Nullable SyncSession local(String holder) {
        for (SyncSession session : hub.sessions()) {
            if (idOf(session).equals(holder)) {
                return session;
            }
        }
        return null;
    }

    /**
     * Releases what is held by connections that nobody has any more, or by clients of this node that are known to hold
     * nothing: a release of theirs has failed.
     */
    void releaseDead() {
        releaseDead(null);
    }

    /** As {@link #releaseDead()}; what {@code down} held is nobody's, though its records may not all be removed yet. */
    void releaseDead(@Nullable NodeId down) {
        Map<String, Map<Entity, Long>> byHolder = new HashMap<>();
        replica.forEach(CONTROL, component -> {
            EntityControl control = controlOf(component.entity());
            if (control != null) {
                byHolder.computeIfAbsent(control.holder(), first -> new HashMap<>())
                        .put(component.entity().entity(), component.revision());
            }
        });
        byHolder.forEach((holder, controls) -> {
            SyncSession local = local(holder);
            if (local != null) {
                holds.getOrDefault(local, Map.of())
                        .values()
                        .forEach(hold -> hold.entities.keySet().forEach(controls::remove));
                controls.keySet().removeIf(local::holds);
                letGo(controls);
            } else {
                nodeOf.apply(holder).onSuccess(node -> {
                    if (node.isEmpty() || node.get().equals(down)) {
                        hub.execute(() -> letGo(controls));
                    }
                });
            }
        });
    }
}

package dev.muster.node.sync;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which entities there are, for who wants to change them: as the replica has it, and what this node has spawned and despawned
 * since. On the replica's loop.
 *
 * <p>An entity that is not known here may be another node's newest. Before it is denied the replica catches up with the
 * registry; one such round answers all who asked before it began, so that asking for what is not there costs others nothing.
 */
final class Existence {

    private record Asked(List<Entity> entities, Promise<Void> promise) {}

    private final Set<Entity> fresh = new HashSet<>();
    private final Set<Entity> gone = new HashSet<>();
    /** How many wait to hear of an entity; who asks later must not overtake them. */
    private final Map<Entity, Integer> blocked = new HashMap<>();

    private List<Asked> waiting = new ArrayList<>();
    private boolean asking;

    /** This node spawns it. */
    void add(Entity entity) {
        fresh.add(entity);
    }

    /** This node has despawned it. */
    void remove(Entity entity) {
        fresh.remove(entity);
        gone.add(entity);
    }

    /** The replica has caught up with what this node did to it. */
    void forget(Entity entity) {
        fresh.remove(entity);
        gone.remove(entity);
    }

    /** Entities that the replica may not have yet. */
    int ahead() {
        return fresh.size();
    }

    /** Whether it exists, as far as is known now. */
    boolean holds(Replica replica, Entity entity) {
        return !gone.contains(entity) && (fresh.contains(entity) || replica.find(entity) != null);
    }

    /** Completes, in the order of the calls for one entity, when {@link #holds} says of all of them what is true. */
    Future<Void> settled(Replica replica, Collection<Entity> entities) {
        boolean known = true;
        for (Entity entity : entities) {
            known &= !blocked.containsKey(entity) && holds(replica, entity);
        }
        if (known) {
            return Future.succeededFuture();
        }
        Asked asked = new Asked(List.copyOf(entities), Promise.promise());
        asked.entities.forEach(entity -> blocked.merge(entity, 1, Integer::sum));
        waiting.add(asked);
        ask(replica);
        return asked.promise.future();
    }

    private void ask(Replica replica) {
        if (asking || waiting.isEmpty()) {
            return;
        }
        asking = true;
        List<Asked> round = waiting;
        waiting = new ArrayList<>();
        replica.fence()
                .onComplete(caughtUp -> replica.execute(() -> {
                    asking = false;
                    round.forEach(asked -> answer(asked, caughtUp));
                    ask(replica);
                }));
    }

    private void answer(Asked asked, AsyncResult<Void> caughtUp) {
        asked.entities.forEach(
                entity -> blocked.computeIfPresent(entity, (key, count) -> count == 1 ? null : count - 1));
        asked.promise.handle(caughtUp);
    }
}

package dev.muster.node.sync.session;

import dev.muster.node.sync.EntityState;

/** Everything that clients want beside being told of changes. On the space's loop. */
final class ClientWork implements SyncHub.Work {

    private Mutations mutations;
    private Controls controls;
    private Queries queries;

    /** They need the hub that this is part of, so they come a moment later. */
    @SuppressWarnings("NullAway.Init") // by begin, before anything else is called
    ClientWork() {}

    void begin(Mutations mutations, Controls controls, Queries queries) {
        this.mutations = mutations;
        this.controls = controls;
        this.queries = queries;
    }

    @Override
    public void take(SyncSession session, Request request, Runnable done) {
        if (request instanceof Request.Mutate wanted) {
            mutations.take(session, wanted, done);
        } else if (request instanceof Request.Query asked) {
            queries.take(session, asked, done);
        } else if (request instanceof Request.Cancel cancelled) {
            queries.cancel(session, cancelled.queryId());
            done.run();
        } else if (request instanceof Request.Take wanted) {
            controls.take(session, wanted, done);
        } else if (request instanceof Request.Release unwanted) {
            controls.release(session, unwanted, done);
        } else {
            done.run();
        }
    }

    @Override
    public void onSpawned(EntityState entity) {
        mutations.onSpawned(entity.entity());
    }

    @Override
    public void onChange() {
        queries.onChange();
    }

    @Override
    public void onTick() {
        queries.onTick();
    }

    @Override
    public void onGone(SyncSession session) {
        mutations.onGone(session);
        controls.onGone(session);
        queries.onGone(session);
    }
}

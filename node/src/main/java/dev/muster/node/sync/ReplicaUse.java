package dev.muster.node.sync;

import java.util.concurrent.atomic.AtomicBoolean;

/** That somebody uses a replica: it is kept until all uses have ended, and a while longer. Any thread. */
public final class ReplicaUse {

    private final Replica replica;
    private final Runnable release;
    private final AtomicBoolean ended = new AtomicBoolean();

    ReplicaUse(Replica replica, Runnable release) {
        this.replica = replica;
        this.release = release;
    }

    /** What is used. */
    public Replica replica() {
        return replica;
    }

    /** Needs it no more. Idempotent. */
    public void end() {
        if (ended.compareAndSet(false, true)) {
            release.run();
        }
    }
}

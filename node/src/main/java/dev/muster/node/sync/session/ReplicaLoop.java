package dev.muster.node.sync.session;

import dev.muster.node.sync.Replica;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The loop of a replica, with its Vert.x context, so that what a space answers comes back there. */
final class ReplicaLoop implements SpaceLoop {

    private final Replica replica;
    private final LongSupplier nanoTime;

    ReplicaLoop(Replica replica, LongSupplier nanoTime) {
        this.replica = replica;
        this.nanoTime = nanoTime;
    }

    @Override
    public void execute(Runnable task) {
        try {
            // Never at once: what was put before comes before.
            replica.loop().execute(() -> replica.execute(task));
        } catch (RejectedExecutionException stopped) {
            // The node is closed, and all its connections with it.
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // what it does it tells, and nobody calls it off
    public void after(long nanos, Runnable task) {
        try {
            replica.loop().schedule(() -> replica.execute(task), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopped) {
            // As above.
        }
    }

    @Override
    public long nanoTime() {
        return nanoTime.getAsLong();
    }
}

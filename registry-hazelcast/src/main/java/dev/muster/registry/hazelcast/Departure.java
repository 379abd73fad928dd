package dev.muster.registry.hazelcast;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes away what a node held, in its own name, when it ends in order (R25). Blocks. */
final class Departure {

    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

    private static final int CHUNK = 256;
    private static final long FLUSH_POLL_NANOS = 2_000_000;

    private final Core core;

    Departure(Core core) {
        this.core = core;
    }

    /** Whether all of it was done before {@code until}. */
    boolean within(long until) throws InterruptedException {
        Holdings holdings = core.holdings();
        List<CompletableFuture<?>> steps = new ArrayList<>();
        for (Connection connection : List.copyOf(holdings.connections())) {
            steps.add(core.directory().unregisterLater(connection));
        }
        for (String group : List.copyOf(holdings.groupNames())) {
            holdings.unwatchQuietly(group);
        }
        // What is under way first: it would come after what takes it back.
        if (!await(steps, until)) {
            return false;
        }
        steps = new ArrayList<>(core.directory().settle());
        for (String group : List.copyOf(holdings.doubtful())) {
            steps.add(holdings.reconcile(group, core.former()));
            if (steps.size() >= CHUNK) {
                if (!await(steps, until)) {
                    return false;
                }
                steps.clear();
            }
        }
        boolean clean = await(steps, until);
        while (clean && !core.member().side().links().idle() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(FLUSH_POLL_NANOS);
        }
        return clean;
    }

    private static boolean await(List<CompletableFuture<?>> steps, long until) throws InterruptedException {
        try {
            Futures.all(steps).get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException | TimeoutException failure) {
            LOG.debug("Could not take away everything, the others finish it", failure);
            return false;
        }
    }
}

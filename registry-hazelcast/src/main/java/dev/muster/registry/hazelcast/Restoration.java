package dev.muster.registry.hazelcast;

import dev.muster.registry.hazelcast.OpAnswer.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the cluster agree with what this node holds, wherever that is in doubt. */
final class Restoration {

    private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

    /** Groups asked for at once. */
    private static final int CHUNK = 256;

    /** How long one chunk may take; Hazelcast gives up an operation after 5 s. */
    private static final long CHUNK_SECONDS = 10;

    private final Core core;

    Restoration(Core core) {
        this.core = core;
    }

    /** Starts on some of what is in doubt; what fails stays in doubt. Does not block. */
    List<CompletableFuture<?>> some() {
        List<CompletableFuture<?>> steps = new ArrayList<>(core.directory().settle());
        if (!steps.isEmpty()) {
            // First the records: a connection that has gone on with another node has no memberships here any more.
            return steps;
        }
        List<String> groups = core.holdings().doubtful().stream().limit(CHUNK).toList();
        for (String group : groups) {
            steps.add(core.holdings().reconcile(group, core.former()).thenAccept(answer -> {
                if (answer.status() == Status.SILENTLY_RESTORED) {
                    core.callbacks().membersReset(group);
                }
            }));
        }
        return steps;
    }

    /**
     * Restores all there is. Blocks.
     *
     * @return whether nothing is in doubt any more
     */
    boolean all() throws InterruptedException {
        core.doubtAll();
        int restored = 0;
        for (List<CompletableFuture<?>> steps = some(); !steps.isEmpty(); steps = some()) {
            try {
                Futures.all(steps).get(CHUNK_SECONDS, TimeUnit.SECONDS);
                restored += steps.size();
            } catch (ExecutionException | TimeoutException failure) {
                LOG.debug("Could not restore everything", failure);
                return false;
            }
        }
        LOG.debug("Restored {} records and groups", restored);
        return true;
    }
}

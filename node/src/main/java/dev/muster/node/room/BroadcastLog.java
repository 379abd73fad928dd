package dev.muster.node.room;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Limits;
import dev.muster.registry.Published;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two log lines for each message that this node accepts, for those who want to watch; at most ten lines a second. */
public final class BroadcastLog {

    private static final Logger LOG = LoggerFactory.getLogger(BroadcastLog.class);

    /** Messages whose two lines are written in one second. */
    private static final int MESSAGES_PER_SECOND = 5;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final ConnectionRegistry registry;
    private final LongSupplier nanoTime;
    private final AtomicLong secondBegan;
    private final AtomicInteger written = new AtomicInteger();

    /**
     * @param registry knows how many members a room has
     * @param nanoTime monotonic, in ns
     */
    public BroadcastLog(ConnectionRegistry registry, LongSupplier nanoTime) {
        this.registry = registry;
        this.nanoTime = nanoTime;
        this.secondBegan = new AtomicLong(nanoTime.getAsLong());
    }

    /** Whether this second has lines left; takes them. */
    boolean wants() {
        long now = nanoTime.getAsLong();
        long began = secondBegan.get();
        if (now - began >= SECOND_NANOS && secondBegan.compareAndSet(began, now)) {
            written.set(0);
        }
        return written.get() < MESSAGES_PER_SECOND && written.incrementAndGet() <= MESSAGES_PER_SECOND;
    }

    /**
     * @param local members on this node
     * @param deaf how many of them do not get it
     * @param published when the registry has it
     */
    void accepted(String room, int local, int deaf, Future<Published> published) {
        String node = registry.self().name();
        String group = Limits.shown(room);
        registry.memberCount(room).onSuccess(total -> {
            LOG.info("Broadcasting to group instanceID={} group={} totalInGroup={}", node, group, total);
            published.onSuccess(done -> LOG.info(
                    "Broadcast complete instanceID={} group={} localSent={} remotePending={}",
                    node,
                    group,
                    local - deaf,
                    Math.max(0, total - local)));
        });
    }
}

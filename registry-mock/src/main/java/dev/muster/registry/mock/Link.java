package dev.muster.registry.mock;

import dev.muster.registry.RegistryListener;
import dev.muster.registry.mock.Delivery.Fragility;
import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one node: a queue that is emptied on the node's context, so that the listener is never called inside a
 * caller's stack, and never by two threads at once (R23). Offering is safe from any thread and never blocks.
 */
final class Link {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** Deliveries in one turn on the event loop; others want it too. */
    private static final int BATCH = 256;

    /** Publications waiting for a node that does not take them; beyond, the link breaks, as a server's would. */
    static final int CAPACITY = 65_536;

    private final Context context;
    private final Queue<Delivery> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean overflowed = new AtomicBoolean();
    private volatile @Nullable RegistryListener listener;
    private volatile @Nullable LinkFaults faults;
    private volatile boolean held;
    private volatile boolean losing;

    Link(Context context) {
        this.context = context;
    }

    void open(RegistryListener listener) {
        this.listener = listener;
    }

    /** Nothing is delivered any more. */
    void close() {
        listener = null;
        discard();
    }

    /** Disturbs what is offered from now on; null ends it. */
    void disturb(@Nullable LinkFaults faults) {
        this.faults = faults;
    }

    /** From now on what can be lost is lost, or no longer. */
    void lose(boolean losing) {
        this.losing = losing;
    }

    /** Keeps everything back, as a process does that stands still. */
    void hold() {
        held = true;
    }

    /** Ends {@link #hold()}. */
    void release() {
        held = false;
        schedule();
    }

    /** Loses what is on its way, the registry's own words excepted. */
    void discard() {
        queue.removeIf(delivery -> {
            boolean lost = listener == null || delivery.fragility() != Fragility.SAFE;
            if (lost) {
                waiting.decrementAndGet();
            }
            return lost;
        });
    }

    /** Puts a delivery on its way; to a closed link it is lost. */
    void offer(Delivery delivery) {
        if (listener == null) {
            return;
        }
        if (delivery.fragility() == Fragility.SAFE) {
            enqueue(delivery);
        } else if (!losing) {
            LinkFaults disturbed = faults;
            if (disturbed == null) {
                enqueueLosable(delivery);
            } else {
                disturbed.pass(delivery, this::enqueueLosable);
            }
        }
    }

    boolean isQuiet() {
        return held || queue.isEmpty();
    }

    private void enqueueLosable(Delivery delivery) {
        if (waiting.get() < CAPACITY) {
            enqueue(delivery);
        } else if (overflowed.compareAndSet(false, true)) {
            LOG.warn("A node does not take its publications, {} wait: those that follow are dropped", CAPACITY);
            enqueue(told -> {
                overflowed.set(false);
                told.onLinkReplaced();
            });
        }
    }

    private void enqueue(Delivery delivery) {
        waiting.incrementAndGet();
        queue.add(delivery);
        schedule();
    }

    private void schedule() {
        if (!held && !queue.isEmpty() && scheduled.compareAndSet(false, true)) {
            context.runOnContext(turn -> drain());
        }
    }

    private void drain() {
        for (int taken = 0; taken < BATCH && !held; taken++) {
            Delivery next = queue.poll();
            if (next == null) {
                break;
            }
            waiting.decrementAndGet();
            deliver(next);
        }
        // Before the look at the queue: whoever adds after it finds nothing scheduled, and schedules.
        scheduled.set(false);
        schedule();
    }

    private void deliver(Delivery delivery) {
        RegistryListener told = listener;
        if (told == null) {
            return;
        }
        try {
            delivery.to(told);
        } catch (RuntimeException failure) {
            LOG.error("The registry's listener failed, delivery goes on", failure);
        }
    }
}

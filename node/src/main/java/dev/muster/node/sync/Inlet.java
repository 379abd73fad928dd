package dev.muster.node.sync;

import dev.muster.registry.Publication;
import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Carries publications from the registry's thread to a replica's loop: many of them cost one task. What does not fit any
 * more is dropped, and the replica is told that it has to load again.
 */
final class Inlet implements Runnable {

    /** Publications that may wait; at some hundred bytes each that is some ten MiB. */
    static final int MAX_WAITING = 65_536;

    /** Publications in one task; between two the loop reads its sockets. */
    private static final int BATCH = 512;

    private final EventLoop loop;
    private final Consumer<Publication> receiver;
    private final Runnable lost;
    private final Queue<Publication> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicBoolean overrun = new AtomicBoolean();

    /**
     * @param receiver of each publication, on the loop
     * @param lost called on the loop after some were dropped, before those that came later
     */
    Inlet(EventLoop loop, Consumer<Publication> receiver, Runnable lost) {
        this.loop = loop;
        this.receiver = receiver;
        this.lost = lost;
    }

    /** From one thread at a time. */
    void put(Publication publication) {
        if (waiting.get() >= MAX_WAITING) {
            overrun.set(true);
        } else {
            waiting.incrementAndGet();
            queue.add(publication);
        }
        if (!awake.get() && awake.compareAndSet(false, true)) {
            wake();
        }
    }

    private void wake() {
        try {
            loop.execute(this);
        } catch (RejectedExecutionException stopped) {
            // The loop is gone, and the replica with it.
            queue.clear();
        }
    }

    /** On the loop. */
    @Override
    public void run() {
        int count = 0;
        for (Publication next = queue.poll(); next != null; next = ++count < BATCH ? queue.poll() : null) {
            waiting.decrementAndGet();
            receiver.accept(next);
        }
        if (overrun.compareAndSet(true, false)) {
            lost.run();
        }
        if (count == BATCH) {
            wake();
            return;
        }
        awake.set(false);
        if (!queue.isEmpty() && awake.compareAndSet(false, true)) {
            wake();
        }
    }
}

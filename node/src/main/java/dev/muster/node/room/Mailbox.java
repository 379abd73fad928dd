package dev.muster.node.room;

import dev.muster.registry.Position;
import dev.muster.registry.Slice;
import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one event loop has to deliver. Many publications cost one task: whoever finds the mailbox at rest wakes the
 * loop, which then takes all there is. What the sockets are offered meanwhile is flushed once, after that task.
 */
final class Mailbox implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    /** Deliveries in one task; between two the loop reads its sockets. */
    private static final int BATCH = 256;

    /** Bytes that may wait for one loop. A loop so far behind drops, and its members are told of a reset. */
    static final long MAX_BYTES = 64 << 20;

    private final EventLoop loop;
    private final int index;
    private final Queue<Delivery> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicLong bytes = new AtomicLong();
    /** Written on the loop only. */
    private final AtomicLong delivered = new AtomicLong();

    private final LongAdder dropped = new LongAdder();

    Mailbox(EventLoop loop, int index) {
        this.loop = loop;
        this.index = index;
    }

    /** Counts the loops of a node that have members, from 0. */
    int index() {
        return index;
    }

    /** Takes over one hold of {@code delivery}. Calls for one room come one after another. */
    void put(Delivery delivery, RoomShard shard) {
        if (shard.isOverrun()) {
            dropped.increment();
            delivery.release();
            return;
        }
        int weight = delivery.event().weight();
        Delivery next = delivery;
        if (bytes.addAndGet(weight) > MAX_BYTES) {
            bytes.addAndGet(-weight);
            next = overrun(delivery, shard);
            if (next == null) {
                return;
            }
        }
        queue.add(next);
        if (!awake.get() && awake.compareAndSet(false, true)) {
            wake();
        }
    }

    /** What the shard gets in place of all it misses. */
    private @Nullable Delivery overrun(Delivery missed, RoomShard shard) {
        Position position = missed.event().position();
        dropped.increment();
        missed.release();
        if (position == null) {
            return null;
        }
        LOG.warn("An event loop is {} bytes behind, members of a room miss messages and are told so", bytes.get());
        shard.setOverrun(true);
        RoomEvent reset = new RoomEvent.Reset(position, Slice.Completeness.TRIMMED);
        bytes.addAndGet(reset.weight());
        RoomShard[] target = new RoomShard[index + 1];
        target[index] = shard;
        return new Delivery(reset, target, 1);
    }

    /** So many frames were offered to members of this loop. On the loop. */
    void countDelivered(int frames) {
        delivered.setRelease(delivered.getPlain() + frames);
    }

    private void wake() {
        try {
            loop.execute(this);
        } catch (RejectedExecutionException stopped) {
            // The loop is gone, and its sockets with it: nobody else takes from here any more.
            for (Delivery left = queue.poll(); left != null; left = queue.poll()) {
                left.release();
            }
        }
    }

    /** Delivers what has come. On the loop. */
    @Override
    public void run() {
        long done = 0;
        int count = 0;
        for (Delivery next = queue.poll(); next != null; next = ++count < BATCH ? queue.poll() : null) {
            done += next.event().weight();
            deliver(next);
        }
        bytes.addAndGet(-done);
        if (count == BATCH) {
            wake();
            return;
        }
        awake.set(false);
        if (!queue.isEmpty() && awake.compareAndSet(false, true)) {
            wake();
        }
    }

    private void deliver(Delivery delivery) {
        RoomShard shard = delivery.shard(index);
        try {
            if (shard != null) {
                if (delivery.event() instanceof RoomEvent.Reset) {
                    shard.setOverrun(false);
                }
                shard.deliver(delivery);
            }
        } catch (RuntimeException failure) {
            LOG.error("An event could not be delivered to a room's members here, others are not affected", failure);
        } finally {
            delivery.release();
        }
    }

    /** The mailboxes of a node's loops. */
    static final class Mailboxes {

        private final ConcurrentHashMap<EventLoop, Mailbox> all = new ConcurrentHashMap<>();
        private final AtomicInteger count = new AtomicInteger();

        Load load() {
            long delivered = 0;
            long dropped = 0;
            long waiting = 0;
            long most = 0;
            for (Mailbox mailbox : all.values()) {
                long bytes = mailbox.bytes.get();
                delivered += mailbox.delivered.get();
                dropped += mailbox.dropped.sum();
                waiting += bytes;
                most = Math.max(most, bytes);
            }
            return new Load(delivered, dropped, waiting, most);
        }

        Mailbox of(EventLoop loop) {
            Mailbox known = all.get(loop);
            return known != null
                    ? known
                    : all.computeIfAbsent(loop, added -> new Mailbox(added, count.getAndIncrement()));
        }
    }
}

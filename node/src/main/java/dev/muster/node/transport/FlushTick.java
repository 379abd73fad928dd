package dev.muster.node.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One flush for each socket and tick of an event loop, however many frames it was offered: a system call costs more
 * than everything else about a delivery. Lives on its loop.
 */
final class FlushTick implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(FlushTick.class);

    private final EventLoop loop;
    private List<Outbox> dirty = new ArrayList<>();
    private List<Outbox> flushing = new ArrayList<>();
    private boolean scheduled;

    FlushTick(EventLoop loop) {
        this.loop = loop;
    }

    /** Flushes {@code outbox} when the loop has done what it has to do now. Once for each tick. */
    void add(Outbox outbox) {
        dirty.add(outbox);
        if (!scheduled) {
            scheduled = true;
            schedule();
        }
    }

    private void schedule() {
        if (loop instanceof SingleThreadEventLoop single) {
            // Behind all tasks of this turn: the publications that are still queued go out with the same flush.
            single.executeAfterEventLoopIteration(this);
        } else {
            loop.execute(this);
        }
    }

    @Override
    public void run() {
        scheduled = false;
        // What is offered from within a flush belongs to the next tick.
        List<Outbox> now = dirty;
        dirty = flushing;
        flushing = now;
        for (int i = 0; i < now.size(); i++) {
            flush(now.get(i));
        }
        now.clear();
    }

    private static void flush(Outbox outbox) {
        try {
            outbox.flush();
        } catch (RuntimeException failure) {
            LOG.error("A socket could not be written and is closed, the others go on", failure);
            outbox.abandon();
        }
    }
}

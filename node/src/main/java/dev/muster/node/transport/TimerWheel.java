package dev.muster.node.transport;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers of all connections of one event loop. Its clock counts ticks that really ran: when the process stands still
 * for a minute, no connection has been silent for a minute. Lives on its loop.
 */
final class TimerWheel {

    /** A slot's list begins and ends at its head. */
    private static final class Head extends TimedHandler {
        Head() {
            next = this;
            previous = this;
        }

        @Override
        void onTime(int now) {
            throw new IllegalStateException("the head of a slot waits for nothing");
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);
    private static final int SLOTS = 256;

    private final EventLoop loop;
    private final long tickNanos;
    private final Head[] slots = new Head[SLOTS];
    private final List<TimedHandler> collected = new ArrayList<>();
    private int now = 1;
    private @Nullable ScheduledFuture<?> ticking;

    TimerWheel(EventLoop loop, Duration tick) {
        this.loop = loop;
        this.tickNanos = tick.toNanos();
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Head();
        }
    }

    void start() {
        ticking = loop.scheduleWithFixedDelay(this::tick, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (ticking != null) {
            ticking.cancel(false);
        }
    }

    /** The current tick. */
    int now() {
        return now;
    }

    /** How many ticks {@code time} takes, at least one. */
    int ticks(Duration time) {
        long ticks = Math.max(1, (time.toNanos() + tickNanos - 1) / tickNanos);
        return (int) Math.min(ticks, Integer.MAX_VALUE / 4);
    }

    /** Has {@code handler} called at the tick {@code due}, and no longer at any other. */
    void schedule(TimedHandler handler, int due) {
        cancel(handler);
        handler.due = Math.max(due, now + 1);
        Head head = slots[handler.due & (SLOTS - 1)];
        TimedHandler last = previousOf(head);
        handler.previous = last;
        handler.next = head;
        last.next = handler;
        head.previous = handler;
    }

    /** Takes {@code handler} out, whether it is in or not. */
    void cancel(TimedHandler handler) {
        TimedHandler next = handler.next;
        TimedHandler previous = handler.previous;
        if (next != null && previous != null) {
            previous.next = next;
            next.previous = previous;
            handler.next = null;
            handler.previous = null;
        }
    }

    /** Visits all that wait; they may come and go meanwhile. */
    void forEach(Consumer<TimedHandler> visitor) {
        List<TimedHandler> all = new ArrayList<>();
        for (Head head : slots) {
            collect(head, all);
        }
        all.forEach(visitor);
    }

    /** Time goes on by one tick. */
    void tick() {
        now++;
        List<TimedHandler> slot = collected;
        collect(slots[now & (SLOTS - 1)], slot);
        for (int i = 0; i < slot.size(); i++) {
            TimedHandler handler = slot.get(i);
            // One that was called before it may have taken it out or put it off.
            if (handler.next != null && handler.due - now <= 0) {
                cancel(handler);
                call(handler);
            }
        }
        slot.clear();
    }

    private void call(TimedHandler handler) {
        try {
            handler.onTime(now);
        } catch (RuntimeException failure) {
            // Thrown on, it would end the clock of all connections of this loop.
            LOG.error("A connection's timer failed, it is not called again", failure);
        }
    }

    private static void collect(Head head, List<TimedHandler> into) {
        for (TimedHandler at = nextOf(head); at != head; at = nextOf(at)) {
            into.add(at);
        }
    }

    private static TimedHandler nextOf(TimedHandler handler) {
        TimedHandler next = handler.next;
        if (next == null) {
            throw new IllegalStateException("not in a slot");
        }
        return next;
    }

    private static TimedHandler previousOf(TimedHandler handler) {
        TimedHandler previous = handler.previous;
        if (previous == null) {
            throw new IllegalStateException("not in a slot");
        }
        return previous;
    }
}

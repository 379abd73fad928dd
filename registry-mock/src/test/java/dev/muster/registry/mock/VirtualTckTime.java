package dev.muster.registry.mock;

import dev.muster.registry.tck.TckTime;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Moves a {@link VirtualTime} in small steps. Before each step the event loops come to rest, so that a busy machine
 * makes nothing late in virtual time, and the kit's own thread gets a moment of real time; a condition has failed once the virtual time is over and a longer moment has changed nothing.
 */
final class VirtualTckTime implements TckTime {

    private static final Duration STEP = Duration.ofMillis(10);
    private static final long MOMENT = 1_000_000;
    private static final long POLL = 50_000;

    private final VirtualTime time;
    private final Runnable settle;
    private final Duration lastMoment;

    VirtualTckTime(VirtualTime time, Runnable settle, Duration lastMoment) {
        this.time = time;
        this.settle = settle;
        this.lastMoment = lastMoment;
    }

    @Override
    public void pass(Duration duration) {
        long until = time.nanoTime() + duration.toNanos();
        while (time.nanoTime() < until) {
            holds(() -> false, MOMENT);
            advance(until);
        }
        settle.run();
    }

    @Override
    public void await(String what, Duration within, BooleanSupplier condition) {
        long until = time.nanoTime() + within.toNanos();
        while (time.nanoTime() < until) {
            if (holds(condition, MOMENT)) {
                return;
            }
            advance(until);
        }
        if (!holds(condition, lastMoment.toNanos())) {
            throw new AssertionError(what + ": not within " + within);
        }
    }

    @Override
    public long nanoTime() {
        return time.nanoTime();
    }

    private void advance(long until) {
        settle.run();
        time.advance(Duration.ofNanos(Math.min(STEP.toNanos(), until - time.nanoTime())));
    }

    private static boolean holds(BooleanSupplier condition, long nanos) {
        long until = System.nanoTime() + nanos;
        do {
            if (holds(condition)) {
                return true;
            }
            LockSupport.parkNanos(POLL);
        } while (System.nanoTime() - until < 0);
        return false;
    }

    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (RuntimeException notYet) {
            return false;
        }
    }
}

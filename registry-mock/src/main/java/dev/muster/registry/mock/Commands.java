package dev.muster.registry.mock;

import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import dev.muster.registry.mock.Backend.Way;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One node's operations on their way to the backend, in the order they were issued (R14). Undisturbed, an operation is
 * carried out by its caller at once. While the backend or the node stands still operations wait here; each fails at
 * its time-out (R02), but is carried out all the same once the way is open, as what lies in a socket's buffer is.
 */
final class Commands {

    private final class Pending<T> {
        final Supplier<T> step;
        final Reply<T> reply;
        final @Nullable Runnable dropped;
        final long notBefore;
        TimeSource.@Nullable Alarm timeout;
        boolean performed;

        Pending(Supplier<T> step, Reply<T> reply, @Nullable Runnable dropped, Duration delay) {
            this.step = step;
            this.reply = reply;
            this.dropped = dropped;
            notBefore = backend.time.nanoTime() + delay.toNanos();
        }

        void armTimeout() {
            if (performed) {
                return;
            }
            timeout = backend.time.after(
                    operationTimeout,
                    () -> reply.fail(
                            Reason.TIMEOUT,
                            "the backend has not answered within " + operationTimeout.toMillis() + " ms"));
        }

        void perform() {
            disarm();
            performed = true;
            Commands.this.perform(step, reply, dropped);
        }

        void drop(Reason reason, String message) {
            disarm();
            if (dropped != null) {
                dropped.run();
            }
            reply.fail(reason, message);
        }

        private void disarm() {
            if (timeout != null) {
                timeout.cancel();
            }
        }
    }

    private final Backend backend;
    private final NodeSession session;
    private final Context context;
    private final Duration operationTimeout;
    private final Deque<Pending<?>> waiting = new ArrayDeque<>();
    private volatile @Nullable CommandFaults faults;
    private boolean flushPlanned;

    Commands(Backend backend, NodeSession session, Context context, Duration operationTimeout) {
        this.backend = backend;
        this.session = session;
        this.context = context;
        this.operationTimeout = operationTimeout;
    }

    void disturb(@Nullable CommandFaults faults) {
        this.faults = faults;
    }

    /** An answer on the caller's context. */
    <T> Reply<T> reply() {
        return new Reply<>(context);
    }

    /** An operation that changes nothing but one group's log, or nothing at all. */
    <T> Future<T> shared(Supplier<T> step) {
        Reply<T> reply = reply();
        if (faults == null) {
            backend.lock().readLock().lock();
            try {
                if (session.isRunning() && session.isAvailable() && isOpen() && waiting.isEmpty()) {
                    perform(step, reply, null);
                    return reply.future();
                }
            } finally {
                backend.lock().readLock().unlock();
            }
        }
        backend.exclusively(() -> submit(step, reply, null));
        return reply.future();
    }

    /**
     * An operation that changes connections, memberships or watches.
     *
     * @param dropped what it means to the node's own memory if the operation is never carried out; null for nothing
     */
    <T> Future<T> exclusive(Supplier<T> step, @Nullable Runnable dropped) {
        Reply<T> reply = reply();
        backend.exclusively(() -> submit(step, reply, dropped));
        return reply.future();
    }

    <T> Future<T> exclusive(Supplier<T> step) {
        return exclusive(step, null);
    }

    private boolean isOpen() {
        return backend.way(session) == Way.OPEN;
    }

    private <T> void submit(Supplier<T> step, Reply<T> reply, @Nullable Runnable dropped) {
        if (!session.isRunning()) {
            reply.fail(Reason.CLOSED, session.isNew() ? "the registry is not started" : "the registry is closed");
            return;
        }
        CommandFaults disturbed = faults;
        CommandFaults.Fate fate = disturbed == null ? CommandFaults.Fate.NONE : disturbed.next();
        Pending<T> pending = new Pending<>(step, reply, dropped, fate.delay());
        if (!session.isAvailable() || backend.way(session) == Way.CUT) {
            forget(dropped);
            reply.fail(Reason.UNAVAILABLE, "the backend cannot be reached");
            return;
        }
        switch (fate.outcome()) {
            case REFUSED -> {
                forget(dropped);
                reply.fail(Reason.UNAVAILABLE, "the backend is busy");
            }
            case LOST -> {
                forget(dropped);
                pending.armTimeout();
            }
            case MUTE -> {
                pending.armTimeout();
                enqueue(new Pending<>(step, reply(), dropped, fate.delay()));
            }
            case NORMAL -> {
                enqueue(pending);
                pending.armTimeout();
            }
        }
    }

    /**
     * What the node no longer wants although the backend was not told: it forgets it behind what still waits, so that
     * a join under way cannot come after the leave (R05), and the backend hears of it when the two are compared.
     */
    private void forget(@Nullable Runnable dropped) {
        if (dropped == null) {
            return;
        }
        session.unsettle();
        if (waiting.isEmpty()) {
            dropped.run();
        } else {
            Supplier<@Nullable Void> step = () -> {
                dropped.run();
                return null;
            };
            waiting.add(new Pending<>(step, reply(), dropped, Duration.ZERO));
        }
    }

    private void enqueue(Pending<?> pending) {
        waiting.add(pending);
        flush();
    }

    /** Carries out what may be carried out now, in order. */
    void flush() {
        while (isOpen() && !waiting.isEmpty()) {
            Pending<?> next = waiting.element();
            long early = next.notBefore - backend.time.nanoTime();
            if (early > 0) {
                flushIn(early);
                return;
            }
            waiting.remove();
            next.perform();
        }
    }

    private void flushIn(long nanos) {
        if (!flushPlanned) {
            flushPlanned = true;
            backend.time.after(
                    Duration.ofNanos(nanos),
                    () -> backend.exclusively(() -> {
                        flushPlanned = false;
                        flush();
                    }));
        }
    }

    private <T> void perform(Supplier<T> step, Reply<T> reply, @Nullable Runnable dropped) {
        if (!session.hasLease()) {
            if (dropped != null) {
                dropped.run();
            }
            reply.fail(Reason.UNAVAILABLE, "this node lost its lease, it is on its way back");
            return;
        }
        try {
            reply.complete(step.get());
        } catch (RegistryException refused) {
            reply.fail(refused);
        }
    }

    /** None of what waits will be carried out. */
    void drop(Reason reason, String message) {
        while (!waiting.isEmpty()) {
            waiting.remove().drop(reason, message);
        }
    }
}

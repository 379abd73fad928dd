package dev.muster.registry.redis;

import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one event loop on which a registry lives: all its state belongs to it, so nothing needs a lock. Calls from any
 * thread go through one queue, so they are served in the order they were made (R14), and what arrives while the loop
 * is busy is served in one go: whoever collects commands sends them at the end of it.
 */
final class Home {

    private static final Logger LOG = LoggerFactory.getLogger(Home.class);

    /** How often in an operation time-out the deadlines are looked at. */
    private static final int LOOKS_PER_TIMEOUT = 20;

    private final Vertx vertx;
    private final ContextInternal context;
    private final LongSupplier nanoTime;
    private final long timeoutNanos;
    private final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final ArrayDeque<Operation<?>> open = new ArrayDeque<>();
    private final List<Runnable> afterEachRound = new ArrayList<>();
    private final List<Long> timers = new ArrayList<>();
    private boolean serving;

    /** @param timeoutNanos within which every operation ends (R02) */
    Home(Vertx vertx, LongSupplier nanoTime, long timeoutNanos) {
        this.vertx = vertx;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.nanoTime = nanoTime;
        this.timeoutNanos = timeoutNanos;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** When a call made now has to have ended: a little early, because deadlines are looked at now and then only. */
    long deadline() {
        return now() + timeoutNanos - timeoutNanos / 8;
    }

    long lookEveryMillis() {
        return Math.max(10, timeoutNanos / 1_000_000 / LOOKS_PER_TIMEOUT);
    }

    Vertx vertx() {
        return vertx;
    }

    /** Has {@code flush} run at the end of each round of calls, to send what they collected. */
    void afterEachRound(Runnable flush) {
        afterEachRound.add(flush);
    }

    /** Runs {@code task} here, after everything that was asked for before. From any thread. */
    void execute(Runnable task) {
        queue.add(task);
        if (scheduled.compareAndSet(false, true)) {
            context.runOnContext(round -> serve());
        }
    }

    /** Performs an operation here; its future completes on the caller's context, within the time-out. */
    <T> Future<T> call(Supplier<Future<T>> work) {
        Operation<T> operation = new Operation<>(work, deadline());
        execute(() -> {
            open.add(operation);
            operation.begin();
        });
        return operation.future();
    }

    /** The same for one that sees to its time-out itself. */
    <T> Future<T> callUntimed(Supplier<Future<T>> work) {
        Operation<T> operation = new Operation<>(work, deadline());
        execute(operation::begin);
        return operation.future();
    }

    /** Runs {@code task} here every {@code millis} until {@link #cancelTimers}. */
    void every(long millis, Runnable task) {
        timers.add(vertx.setPeriodic(millis, timer -> execute(task)));
    }

    /** Runs {@code task} here once, in {@code millis}. */
    void in(long millis, Runnable task) {
        vertx.setTimer(Math.max(1, millis), timer -> execute(task));
    }

    void cancelTimers() {
        timers.forEach(vertx::cancelTimer);
        timers.clear();
    }

    /** Ends operations whose time is up. */
    void endOverdue() {
        long now = now();
        for (Operation<?> first = open.peek(); first != null; first = open.peek()) {
            if (!first.isDone()) {
                if (first.deadline - now > 0) {
                    return;
                }
                first.complete(Future.failedFuture(
                        new RegistryException(Reason.TIMEOUT, "Redis did not answer within the operation time-out")));
            }
            open.poll();
        }
    }

    /** Sees to it that what was collected is sent soon, if this is not part of a round anyway. On the home context. */
    void requestRound() {
        if (!serving && scheduled.compareAndSet(false, true)) {
            context.runOnContext(round -> serve());
        }
    }

    private void serve() {
        scheduled.set(false);
        serving = true;
        for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
            guarded(task);
        }
        serving = false;
        afterEachRound.forEach(Home::guarded);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            LOG.error("A step of the Redis registry failed, the next goes on", bug);
        }
    }
}

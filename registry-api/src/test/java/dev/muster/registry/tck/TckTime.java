package dev.muster.registry.tck;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** How time passes for the registry under test: by waiting, or by moving a clock. */
public interface TckTime {

    /** The time of the machine. */
    TckTime REAL = new RealTime();

    /** Lets this much time pass. */
    void pass(Duration duration);

    /**
     * Lets time pass until the condition holds. The condition may block shortly and may throw; throwing counts as not
     * yet.
     *
     * @throws AssertionError naming {@code what} if it does not hold {@code within}
     */
    void await(String what, Duration within, BooleanSupplier condition);

    /**
     * Lets time pass until a future is complete, whether it succeeded or failed.
     *
     * @throws AssertionError if it is not complete {@code within}
     */
    default void complete(Future<?> future, Duration within) {
        await("completion of a future", within, future::isComplete);
    }

    /** A monotonic clock that goes with the registry's time, in ns. */
    default long nanoTime() {
        return System.nanoTime();
    }

    /** Polls. */
    final class RealTime implements TckTime {

        private static final Duration POLL = Duration.ofMillis(10);

        private RealTime() {}

        @Override
        public void pass(Duration duration) {
            long until = System.nanoTime() + duration.toNanos();
            Awaitility.await()
                    .pollInterval(POLL)
                    .atMost(duration.plusSeconds(5))
                    .until(() -> System.nanoTime() - until >= 0);
        }

        @Override
        public void complete(Future<?> future, Duration within) {
            CountDownLatch completed = new CountDownLatch(1);
            future.onComplete(any -> completed.countDown());
            try {
                if (!completed.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("a future is still pending after " + within);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while a future was pending", interrupted);
            }
        }

        @Override
        public void await(String what, Duration within, BooleanSupplier condition) {
            try {
                Awaitility.await(what)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(POLL)
                        .atMost(within)
                        .ignoreExceptions()
                        .until(condition::getAsBoolean);
            } catch (ConditionTimeoutException late) {
                throw new AssertionError(what + ": not within " + within, late);
            }
        }
    }
}

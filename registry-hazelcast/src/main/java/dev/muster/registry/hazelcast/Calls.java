package dev.muster.registry.hazelcast;

import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Turns what Hazelcast answers into futures of the contract: on the caller's context, within the operation time-out
 * (R02), failed with nothing but {@link RegistryException}.
 */
final class Calls {

    private final Vertx vertx;
    private final Context fallback;
    private final Duration timeout;

    /** {@code fallback} serves callers that have no context. */
    Calls(Vertx vertx, Context fallback, Duration timeout) {
        this.vertx = vertx;
        this.fallback = fallback;
        this.timeout = timeout;
    }

    /** Runs {@code work}, which must not block, and maps what it answers on the caller's context. */
    <S, T> Future<T> call(Supplier<? extends CompletionStage<S>> work, Function<? super S, ? extends T> map) {
        return call(work, map, timeout, () -> {});
    }

    <S, T> Future<T> call(
            Supplier<? extends CompletionStage<S>> work,
            Function<? super S, ? extends T> map,
            Duration within,
            Runnable onTimeout) {
        Context callers = Vertx.currentContext();
        Context context = callers == null ? fallback : callers;
        Promise<T> promise = callers == null ? Promise.promise() : ((ContextInternal) callers).promise();
        long timer = vertx.setTimer(Math.max(1, within.toMillis()), late -> {
            context.runOnContext(turn -> promise.tryFail(new RegistryException(
                    Reason.TIMEOUT, "no answer within " + within.toMillis() + " ms: it may have happened")));
            // Afterwards: it may end the work, and what that tells is not what happened.
            onTimeout.run();
        });
        try {
            work.get().whenComplete((answer, failure) -> {
                vertx.cancelTimer(timer);
                context.runOnContext(turn -> complete(promise, map, answer, failure));
            });
        } catch (RuntimeException failure) {
            vertx.cancelTimer(timer);
            context.runOnContext(turn -> promise.tryFail(Failures.of(failure)));
        }
        return promise.future();
    }

    private static <S, T> void complete(
            Promise<T> promise, Function<? super S, ? extends T> map, S answer, Throwable failure) {
        if (failure != null) {
            promise.tryFail(Failures.of(failure));
            return;
        }
        try {
            promise.tryComplete(map.apply(answer));
        } catch (RuntimeException refused) {
            promise.tryFail(Failures.of(refused));
        }
    }

    /** A future that has failed, completed on the caller's context. */
    static <T> Future<T> failed(RegistryException failure) {
        Context callers = Vertx.currentContext();
        return callers == null ? Future.failedFuture(failure) : ((ContextInternal) callers).failedFuture(failure);
    }
}

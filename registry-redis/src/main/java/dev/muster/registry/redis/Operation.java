package dev.muster.registry.redis;

import dev.muster.registry.RegistryException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call of the registry by its node. Completed once, on the caller's context if there is one. */
final class Operation<T> {

    private final Promise<T> promise = Promise.promise();
    private final @Nullable Context caller = Vertx.currentContext();
    private final Supplier<Future<T>> work;
    final long deadline;
    private boolean done;

    Operation(Supplier<Future<T>> work, long deadline) {
        this.work = work;
        this.deadline = deadline;
    }

    Future<T> future() {
        return promise.future();
    }

    boolean isDone() {
        return done;
    }

    /** On the home context. */
    void begin() {
        Future<T> result;
        try {
            result = work.get();
        } catch (RegistryException refused) {
            result = Future.failedFuture(refused);
        }
        result.onComplete(this::complete);
    }

    void complete(AsyncResult<T> result) {
        if (done) {
            return;
        }
        done = true;
        if (caller == null || caller == Vertx.currentContext()) {
            finish(result);
        } else {
            caller.runOnContext(there -> finish(result));
        }
    }

    private void finish(AsyncResult<T> result) {
        if (result.succeeded()) {
            promise.complete(result.result());
        } else {
            promise.fail(Failures.of(result.cause(), true));
        }
    }
}

package dev.muster.registry.mock;

import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one operation. It comes on the caller's context, and never before the call has returned, because over
 * a network it could not either.
 */
final class Reply<T> {

    private final Context context;
    private final Promise<T> promise;

    /** {@code fallback} serves callers that have no context. */
    Reply(Context fallback) {
        Context callers = Vertx.currentContext();
        if (callers == null) {
            context = fallback;
            promise = Promise.promise();
        } else {
            context = callers;
            promise = ((ContextInternal) callers).promise();
        }
    }

    Future<T> future() {
        return promise.future();
    }

    void complete(@Nullable T value) {
        context.runOnContext(turn -> promise.tryComplete(value));
    }

    void fail(Throwable failure) {
        context.runOnContext(turn -> promise.tryFail(failure));
    }

    void fail(Reason reason, String message) {
        fail(new RegistryException(reason, message));
    }
}

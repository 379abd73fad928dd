package dev.muster.registry.hazelcast;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Answers that are waited for together, and calls that may not even get as far as being asked. */
final class Futures {

    private Futures() {}

    /** Ends when all of them have; fails if one did. */
    static CompletableFuture<Void> all(Collection<? extends CompletableFuture<?>> some) {
        return CompletableFuture.allOf(some.toArray(new CompletableFuture<?>[0]));
    }

    /** The answer to {@code call}; failed if it throws, as Hazelcast does if its member is on the way out. */
    static <T> CompletableFuture<T> answerTo(Supplier<? extends CompletionStage<T>> call) {
        try {
            return call.get().toCompletableFuture();
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }
}

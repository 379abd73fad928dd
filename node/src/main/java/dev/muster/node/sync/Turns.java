package dev.muster.node.sync;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Lets those who change one thing by what it is come one after another, for together they would only meet. On one loop. */
public final class Turns {

    private final Map<Object, Future<?>> last = new HashMap<>();

    /**
     * Does something when all that was asked for the same thing before has ended, however it ended.
     *
     * @param thing compared by value
     * @param loop what is done is done there
     * @param action may throw, which fails the future
     */
    public <T> Future<T> next(Object thing, Replica loop, Supplier<Future<T>> action) {
        Future<?> before = last.get(thing);
        Future<T> mine = before == null ? loop.call(action) : before.transform(ended -> loop.call(action));
        last.put(thing, mine);
        mine.onComplete(ended -> loop.execute(() -> last.remove(thing, mine)));
        return mine;
    }
}

package dev.muster.node.sync;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Lets those who change one thing by what it is come one after another, for together they would only meet. On one loop. */
final class Turns {

    private final Map<String, Future<?>> last = new HashMap<>();

    /**
     * @param loop runs what follows on the loop
     */
    <T> Future<T> next(String thing, Replica loop, Supplier<Future<T>> action) {
        Future<?> before = last.get(thing);
        Future<T> mine = before == null ? loop.call(action) : before.transform(ended -> loop.call(action));
        last.put(thing, mine);
        mine.onComplete(ended -> loop.execute(() -> last.remove(thing, mine)));
        return mine;
    }
}

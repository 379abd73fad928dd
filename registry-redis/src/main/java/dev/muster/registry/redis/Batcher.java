package dev.muster.registry.redis;

import dev.muster.registry.RegistryException;
import dev.muster.registry.RegistryException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects calls of one script during a round and makes them one: a call of a script costs the server about 5 µs before
 * the script does anything.
 *
 * @param <I> what one caller asks for
 * @param <R> what it gets
 */
final class Batcher<I, R> {

    /** How a script takes and answers several requests at once. */
    interface Shape<I, R> {
        int bucket(I item);

        Evaluation script(int bucket, List<I> items);

        /** The answer to the item at {@code index}. */
        R result(I item, Response reply, int index);
    }

    private record Waiting<I, R>(I item, Promise<R> promise) {}

    private final Access access;
    private final boolean changes;
    private final int most;
    private final Shape<I, R> shape;
    private final Map<Integer, List<Waiting<I, R>>> waiting = new TreeMap<>();

    /** @param most items in one call, so that none holds the server up for long */
    Batcher(Access access, boolean changes, int most, Shape<I, R> shape) {
        this.access = access;
        this.changes = changes;
        this.most = most;
        this.shape = shape;
    }

    /** Asks at the end of this round. */
    Future<R> add(I item) {
        Promise<R> promise = Promise.promise();
        access.home().requestRound();
        waiting.computeIfAbsent(shape.bucket(item), bucket -> new ArrayList<>()).add(new Waiting<>(item, promise));
        return promise.future();
    }

    void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        Map<Integer, List<Waiting<I, R>>> all = new TreeMap<>(waiting);
        waiting.clear();
        all.forEach((bucket, items) -> {
            for (int from = 0; from < items.size(); from += most) {
                send(bucket, items.subList(from, Math.min(items.size(), from + most)));
            }
        });
    }

    private void send(int bucket, List<Waiting<I, R>> some) {
        List<I> items = some.stream().map(Waiting::item).toList();
        access.evaluate(shape.script(bucket, items), changes).onComplete(answer -> {
            for (int i = 0; i < some.size(); i++) {
                Waiting<I, R> each = some.get(i);
                if (answer.failed()) {
                    each.promise().fail(answer.cause());
                    continue;
                }
                try {
                    each.promise().complete(shape.result(each.item(), answer.result(), i));
                } catch (RegistryException failure) {
                    each.promise().fail(failure);
                } catch (RuntimeException malformed) {
                    each.promise()
                            .fail(new RegistryException(
                                    Reason.REJECTED, "Redis answered with something that cannot be read", malformed));
                }
            }
        });
    }
}

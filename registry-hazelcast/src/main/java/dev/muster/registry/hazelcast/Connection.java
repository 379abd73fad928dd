package dev.muster.registry.hazelcast;

import dev.muster.registry.ConnectionRecord;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection of this node, and the order of the calls that concern it (R05). They begin in the order in which they
 * were asked for. Those about its groups need not wait for each other, since each group keeps an order of its own; one
 * about the connection itself begins when all before it are over, and those after it begin when it is over. Whether
 * the connection is going is looked up in the same step in which a call takes its place. Safe from any thread.
 */
final class Connection {

    /** A call that waits for its turn. */
    private record Call<T>(boolean alone, Supplier<CompletableFuture<T>> work, CompletableFuture<T> done) {

        /** The result is told when {@code ended} has run. */
        void begin(Runnable ended) {
            CompletableFuture<T> unused = Futures.answerTo(work).whenComplete((value, failure) -> {
                ended.run();
                if (failure == null) {
                    done.complete(value);
                } else {
                    done.completeExceptionally(failure);
                }
            });
        }
    }

    private final String id;
    private final Set<String> groups = ConcurrentHashMap.newKeySet();
    private final ArrayDeque<Call<?>> waiting = new ArrayDeque<>(1);

    private ConnectionRecord record;
    private @Nullable CompletableFuture<?> end;
    private int underWay;
    private boolean alone;
    private boolean beginning;

    Connection(ConnectionRecord record) {
        id = record.connectionId();
        this.record = record;
    }

    /** One that takes the place of another with the same id, which is going: nothing begins before that is over. */
    static Connection after(Connection former, ConnectionRecord record) {
        Connection next = new Connection(record);
        CompletableFuture<?> before = former.end();
        if (before != null) {
            CompletableFuture<Object> unused = next.answer(next.admit(true, () -> before.handle((over, any) -> over)));
        }
        return next;
    }

    String id() {
        return id;
    }

    synchronized ConnectionRecord record() {
        return record;
    }

    /** The groups it is in, or on the way into. */
    Set<String> groups() {
        return groups;
    }

    /** Whether nothing more can be asked of it. */
    boolean gone() {
        return end() != null;
    }

    /** The end of the last call there is, once it is going. */
    synchronized @Nullable CompletableFuture<?> end() {
        return end;
    }

    /** Asks for something about one group; null if the connection is going. */
    <T> @Nullable CompletableFuture<T> inGroup(Supplier<CompletableFuture<T>> work) {
        return answer(admit(false, work));
    }

    /** Gives it a new record, and asks for {@code work} with the former one; null if the connection is going. */
    <T> @Nullable CompletableFuture<T> renew(
            ConnectionRecord next, Function<ConnectionRecord, CompletableFuture<T>> work) {
        Call<T> call;
        synchronized (this) {
            ConnectionRecord former = record;
            call = admit(true, () -> work.apply(former));
            record = call == null ? former : next;
        }
        return answer(call);
    }

    /** Asks for {@code work} as the last there is: nothing more can be asked for. Null if it was going already. */
    <T> @Nullable CompletableFuture<T> release(Supplier<CompletableFuture<T>> work) {
        Call<T> call;
        synchronized (this) {
            call = admit(true, work);
            if (call != null) {
                end = call.done;
            }
        }
        return answer(call);
    }

    /** Gives a call its place, unless the connection is going. */
    private synchronized <T> @Nullable Call<T> admit(boolean alone, Supplier<CompletableFuture<T>> work) {
        if (end != null) {
            return null;
        }
        Call<T> call = new Call<>(alone, work, new CompletableFuture<>());
        waiting.add(call);
        return call;
    }

    private <T> @Nullable CompletableFuture<T> answer(@Nullable Call<T> call) {
        if (call == null) {
            return null;
        }
        pump();
        return call.done;
    }

    /** Begins what may begin, outside of the lock: it may end at once, and call whoever waits for it. */
    private void pump() {
        synchronized (this) {
            if (beginning) {
                // Whoever is at it goes on with this one, however deep in its own calls this is.
                return;
            }
            beginning = true;
        }
        for (Call<?> call = next(); call != null; call = next()) {
            call.begin(this::ended);
        }
    }

    private synchronized @Nullable Call<?> next() {
        Call<?> first = waiting.peek();
        if (first == null || alone || first.alone && underWay > 0) {
            beginning = false;
            return null;
        }
        alone = first.alone;
        underWay++;
        return waiting.remove();
    }

    private void ended() {
        synchronized (this) {
            underWay--;
            // One that is alone has nobody beside it.
            alone = false;
        }
        pump();
    }
}

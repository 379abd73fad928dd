package dev.muster.node;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.transport.Listener;
import dev.muster.node.transport.OpsListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An orderly stop of a node. */
final class Drain {

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    /** Sockets told to go elsewhere in one second: so many handshakes the other nodes take without a hiccup. */
    private static final int CLOSES_PER_SECOND = 1_000;

    private final Parts parts;
    private final Duration timeout;
    private final Ticks ticks;
    private final AtomicReference<@Nullable Promise<Void>> started = new AtomicReference<>();

    Drain(Parts parts, Ticks ticks, Duration timeout) {
        this.parts = parts;
        this.ticks = ticks;
        this.timeout = timeout;
    }

    /** Begins, once; completes when everything is closed, or when the time is over. */
    Future<Void> start() {
        Promise<Void> done = Promise.promise();
        if (!started.compareAndSet(null, done)) {
            Promise<Void> first = started.get();
            return first == null ? Future.succeededFuture() : first.future();
        }
        LOG.info(
                "Node {} is stopping: {} connections are sent elsewhere",
                parts.state().node(),
                parts.directory().count());
        parts.state().drain();
        parts.listeners().forEach(Listener::drain);
        parts.directory().drain();
        ticks.stop();
        // The members leave everywhere at once, with their sockets still open: nobody talks to one that is going.
        // Before that, sessions are written down as they are, for their clients go on with them on another node.
        Future<Void> left =
                parts.sessions().suspend().transform(written -> parts.registry().close());
        Duration spread = spread();
        Future<?> closed = onAll(listener -> listener.closeAll(CloseReason.DRAIN, spread));
        Future.join(left, closed)
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(cause -> LOG.warn("Stopping took too long, what is left is cut: {}", cause.getMessage()))
                .transform(ended -> stopListening())
                .transform(stopped -> end())
                .onComplete(ended -> done.complete());
        return done.future();
    }

    private Future<?> onAll(Function<Listener, Future<Void>> call) {
        return Future.join(parts.listeners().stream().map(call).toList());
    }

    private Duration spread() {
        Duration wanted = Duration.ofMillis(parts.directory().count() * 1_000L / CLOSES_PER_SECOND);
        Duration most = timeout.dividedBy(2);
        return wanted.compareTo(most) < 0 ? wanted : most;
    }

    private Future<Void> stopListening() {
        OpsListener ops = parts.ops();
        Future<Void> opsStopped = ops == null ? Future.succeededFuture() : ops.stop();
        // Joined, it belongs to no event loop: what follows closes them all, and none could tell of it.
        return Future.join(onAll(Listener::stop), opsStopped).mapEmpty();
    }

    private Future<Void> end() {
        parts.lag().close();
        return parts.ownsVertx() ? parts.vertx().close() : Future.succeededFuture();
    }
}

package dev.muster.node.transport;

import dev.muster.node.connection.CloseReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Closes all connections of one loop, a few at a time. Lives on that loop. */
final class ClosingWave {

    private static final long STEP_MILLIS = 20;

    private final TransportLoop loop;
    private final CloseReason reason;
    private final long steps;
    private final List<ChannelConnection> waiting = new ArrayList<>();
    private final Promise<Void> done = Promise.promise();
    private int step;
    private int open;

    private ClosingWave(TransportLoop loop, CloseReason reason, Duration spread) {
        this.loop = loop;
        this.reason = reason;
        this.steps = Math.max(1, spread.toMillis() / STEP_MILLIS);
    }

    /** Closes all connections of all loops; completes when every socket that was open is closed. */
    static Future<Void> over(Collection<TransportLoop> loops, CloseReason reason, Duration spread) {
        List<Future<Void>> closed = new ArrayList<>();
        loops.forEach(loop -> closed.add(new ClosingWave(loop, reason, spread).start()));
        return Future.all(closed).mapEmpty();
    }

    private Future<Void> start() {
        loop.eventLoop.execute(() -> {
            loop.wheel.forEach(handler -> {
                if (handler instanceof ChannelConnection connection) {
                    waiting.add(connection);
                }
            });
            open = waiting.size();
            if (open == 0) {
                done.complete();
                return;
            }
            // One whose channel is closed already is counted at once, so only after all are known.
            waiting.forEach(connection -> connection.channel.closeFuture().addListener(closed -> closed()));
            // In the order of their timers those of one age would go together.
            Collections.shuffle(waiting);
            next();
        });
        return done.future();
    }

    // Nobody waits for a step, or cancels it.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void next() {
        step++;
        long left = steps - step;
        int keep = (int) (waiting.size() * left / (left + 1));
        while (waiting.size() > keep) {
            waiting.remove(waiting.size() - 1).close(reason);
        }
        if (!waiting.isEmpty()) {
            loop.eventLoop.schedule(this::next, STEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void closed() {
        if (--open == 0) {
            done.complete();
        }
    }
}

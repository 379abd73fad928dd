package dev.muster.registry.mock;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Real time, or what a node's context says it is, with the timers of its Vert.x. */
record VertxTime(Vertx vertx, Clock clock, LongSupplier nanos) implements TimeSource {

    @Override
    public long nanoTime() {
        return nanos.getAsLong();
    }

    @Override
    public long currentTimeMillis() {
        return clock.millis();
    }

    @Override
    public Alarm after(Duration delay, Runnable task) {
        // Vert.x refuses a timer of 0 ms.
        long timer = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> task.run());
        return () -> vertx.cancelTimer(timer);
    }
}

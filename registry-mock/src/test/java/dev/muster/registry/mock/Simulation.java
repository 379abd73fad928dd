package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Draft;
import dev.muster.registry.GroupPolicy;
import dev.muster.registry.Published;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.RegistryTimings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An in-memory cluster whose time and event loop stand still between a test's steps: all nodes share one event loop,
 * so that waiting for it to be idle is waiting for everything.
 */
final class Simulation implements AutoCloseable {

    /** Turns of the event loop until whatever was begun has ended: each is a hop of an answer or a delivery. */
    private static final int TURNS = 12;

    final VirtualTime time = new VirtualTime();
    final InMemoryCluster cluster = InMemoryCluster.create(time);
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final RegistryTimings timings;

    Simulation(RegistryTimings timings) {
        this.timings = timings;
    }

    Simulation() {
        this(RegistryTimings.DEFAULT);
    }

    /** A node's registry, not started. */
    ConnectionRegistry create(String name) {
        return cluster.registry(
                RegistryContext.of(vertx, "simulation", name, Map.of()).withTimings(timings));
    }

    ConnectionRegistry start(String name, RegistryListener listener) {
        ConnectionRegistry registry = create(name);
        done(registry.start(listener));
        return registry;
    }

    /** Lets everything happen that needs no time. */
    void settle() {
        for (int turn = 0; turn < TURNS; turn++) {
            CountDownLatch idle = new CountDownLatch(1);
            vertx.runOnContext(reached -> idle.countDown());
            try {
                if (!idle.await(10, TimeUnit.SECONDS)) {
                    throw new AssertionError("the event loop hangs");
                }
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }

    /** Lets time pass, and everything happen on the way. */
    void pass(Duration duration) {
        Duration step = Duration.ofMillis(50);
        Duration left = duration;
        while (left.compareTo(step) > 0) {
            time.advance(step);
            settle();
            left = left.minus(step);
        }
        time.advance(left);
        settle();
    }

    /** The result of what needs no time. */
    <T> T done(Future<T> future) {
        settle();
        if (!future.isComplete()) {
            throw new AssertionError("still pending");
        }
        if (future.failed()) {
            throw new AssertionError(future.cause());
        }
        return future.result();
    }

    Published say(ConnectionRegistry node, String group, String text) {
        return done(node.publish(group, Draft.text(null, text), GroupPolicy.DEFAULT));
    }

    void join(ConnectionRegistry node, String connectionId, String group) {
        done(node.register(record(node, connectionId)));
        done(node.join(connectionId, group, GroupPolicy.DEFAULT));
    }

    static ConnectionRecord record(ConnectionRegistry node, String connectionId) {
        return new ConnectionRecord(connectionId, node.self(), "websocket", null, null, connectionId, Instant.EPOCH);
    }

    @Override
    public void close() {
        CountDownLatch closed = new CountDownLatch(1);
        vertx.close().onComplete(done -> closed.countDown());
        try {
            closed.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}

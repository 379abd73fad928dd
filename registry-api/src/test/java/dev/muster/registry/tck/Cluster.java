package dev.muster.registry.tck;

import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryTimings;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** The nodes of one test over one fixture. */
final class Cluster implements AutoCloseable {

    /** Largest payload of the kit's nodes unless a test needs another. */
    static final int MAX_PAYLOAD = 1 << 20;

    /** How often the feeds' ticks come. */
    private static final Duration TICK = Duration.ofMillis(100);

    private static final AtomicLong NAMESPACES = new AtomicLong(System.nanoTime());

    private final RegistryFixture fixture;
    private final RegistryTimings timings;
    private final String namespace = freshNamespace();
    private final List<TckNode> nodes = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private boolean ticked;
    private long lastTick;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ticks of the feeds");
        thread.setDaemon(true);
        return thread;
    });

    Cluster(RegistryFixture fixture, RegistryTimings timings) {
        this.fixture = fixture;
        this.timings = timings;
        ticker.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    static String freshNamespace() {
        return "tck-" + Long.toString(NAMESPACES.incrementAndGet(), 36);
    }

    private void tick() {
        long now = fixture.time().nanoTime();
        if (ticked && now - lastTick < TICK.toNanos()) {
            // Where time stands still, nothing is late: a feed that looked twice would take a delay for a loss.
            return;
        }
        ticked = true;
        lastTick = now;
        for (TckNode node : nodes) {
            try {
                node.tick(now);
            } catch (RuntimeException notNow) {
                // The node may be ending; the next tick sees its new state.
                continue;
            }
        }
    }

    RegistryFixture fixture() {
        return fixture;
    }

    String namespace() {
        return namespace;
    }

    RegistryContext context(String namespace, String name) {
        return new RegistryContext(
                vertx, namespace, name, Clock.systemUTC(), System::nanoTime, timings, MAX_PAYLOAD, fixture.options());
    }

    /** A node of this process that is not started yet. */
    TckNode create(RegistryContext context) {
        return add(context, fixture.local(context));
    }

    /** A node of this process that is not started yet. */
    TckNode create(String name) {
        return create(context(namespace, name));
    }

    /** A started node of this process. */
    TckNode start(String name) {
        return create(name).start();
    }

    /** Started nodes of this process, each of which knows all of them. */
    List<TckNode> start(int count) {
        List<TckNode> started = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            started.add(start("n" + i));
        }
        awaitNodes(started, count);
        if (fixture.time() == TckTime.REAL) {
            // A backend that has just got new members may be busy with them for longer than an operation may take.
            started.forEach(node -> await(node + " is served", () -> node.memberCount("room") >= 0));
        }
        return started;
    }

    /** A started node that can be killed and frozen. */
    TckNode startMortal(String name) {
        RegistryContext context = context(namespace, name);
        return add(context, fixture.mortal(context)).start();
    }

    private TckNode add(RegistryContext context, NodeHost host) {
        TckNode node = new TckNode(context.nodeName(), host, vertx, fixture.time());
        nodes.add(node);
        return node;
    }

    /** Waits until each of these nodes sees so many nodes up. */
    void awaitNodes(List<TckNode> observers, int count) {
        await(
                "each node sees " + count + " nodes",
                () -> observers.stream()
                        .allMatch(node -> node.registry().nodes().size() == count));
    }

    void await(String what, BooleanSupplier condition) {
        Duration lease = timings.lease();
        fixture.time().await(what, Duration.ofSeconds(6).plus(lease.multipliedBy(2)), condition);
    }

    List<TckNode> nodes() {
        return nodes;
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        RuntimeException failed = null;
        for (TckNode node : nodes) {
            try {
                node.dispose();
            } catch (RuntimeException failure) {
                failed = failure;
            }
        }
        try {
            TckTime.REAL.complete(vertx.close(), Duration.ofSeconds(10));
        } finally {
            fixture.close();
        }
        if (failed != null) {
            throw failed;
        }
    }
}

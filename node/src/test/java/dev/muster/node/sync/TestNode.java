package dev.muster.node.sync;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.NodeId;
import dev.muster.registry.Publication;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryListener;
import dev.muster.registry.RegistryTimings;
import dev.muster.registry.mock.InMemoryCluster;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What of a node has to do with spaces. Its seconds pass when a test says so. */
final class TestNode implements RegistryListener, AutoCloseable {

    static final Sync SYNC = Sync.DEFAULT;
    private static final Duration OPERATION_TIMEOUT = Duration.ofMillis(500);

    final ConnectionRegistry registry;
    final Spaces spaces;
    final Space world;
    /** Others who hear what the registry brings. */
    final List<BiConsumer<String, Publication>> taps = new CopyOnWriteArrayList<>();

    private final AtomicLong nanos = new AtomicLong();

    TestNode(Vertx vertx, InMemoryCluster cluster, String name) {
        this(vertx, cluster, name, SyncSettings.DEFAULT);
    }

    TestNode(Vertx vertx, InMemoryCluster cluster, String name, SyncSettings settings) {
        this(vertx, cluster, name, settings, SYNC);
    }

    TestNode(Vertx vertx, InMemoryCluster cluster, String name, SyncSettings settings, Sync sync) {
        registry = cluster.registry(new RegistryContext(
                vertx,
                "test",
                name,
                Clock.systemUTC(),
                System::nanoTime,
                RegistryTimings.DEFAULT.withOperationTimeout(OPERATION_TIMEOUT),
                RegistryContext.DEFAULT_MAX_PAYLOAD,
                Map.of()));
        spaces = new Spaces(
                registry, sync, vertx, settings, nanos::get, NodeId.fresh(name).incarnation());
        world = spaces.space(Sync.WORLD);
        get(registry.start(this));
    }

    /** A second passes. */
    void tick() {
        nanos.addAndGet(1_000_000_000L);
        spaces.tick();
    }

    static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException why) {
                throw why;
            }
            throw new AssertionError(failure.getCause());
        } catch (InterruptedException | TimeoutException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void onPublication(String group, Publication publication) {
        spaces.onRegistry(group, publication);
        taps.forEach(tap -> tap.accept(group, publication));
    }

    @Override
    public void onBroadcast(Publication publication) {}

    @Override
    public void onSend(String connectionId, Buffer payload) {}

    @Override
    public void onNodeUp(NodeId node) {}

    @Override
    public void onNodeDown(NodeId node) {}

    @Override
    public void onLinkReplaced() {
        spaces.checkAll();
    }

    @Override
    public void onUnavailable(@Nullable Throwable cause) {}

    @Override
    public void onRecovered() {
        spaces.checkAll();
    }

    @Override
    public void onMembersReset(String group) {}

    @Override
    public void onIncarnation(NodeId now, NodeId before) {}

    @Override
    public void close() {
        get(registry.close());
    }
}

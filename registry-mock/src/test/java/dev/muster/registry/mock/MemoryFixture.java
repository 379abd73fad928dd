package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryOption;
import dev.muster.registry.RegistryProvider;
import dev.muster.registry.tck.Backend;
import dev.muster.registry.tck.Links;
import dev.muster.registry.tck.NodeHost;
import dev.muster.registry.tck.RegistryFixture;
import dev.muster.registry.tck.TckNode;
import dev.muster.registry.tck.TckTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** In-memory clusters, one for each namespace, in one virtual time. */
class MemoryFixture implements RegistryFixture {

    /** Real time that a busy machine may need for what is due. */
    private static final Duration PATIENT = Duration.ofSeconds(3);

    /** The same where a test is meant to fail. */
    static final Duration IMPATIENT = Duration.ofMillis(500);

    /** Turns of all event loops without anything to do, after which nothing more comes of itself. */
    private static final int QUIET_TURNS = 3;

    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(2);

    private final List<InMemoryRegistry> registries = new CopyOnWriteArrayList<>();
    private final VirtualTime time = new VirtualTime(Instant.now());
    private final TckTime tckTime;
    private final Map<String, InMemoryCluster> clusters = new ConcurrentHashMap<>();

    MemoryFixture() {
        this(PATIENT);
    }

    MemoryFixture(Duration patience) {
        tckTime = new VirtualTckTime(time, this::settle, patience);
    }

    InMemoryCluster cluster(String namespace) {
        return clusters.computeIfAbsent(namespace, name -> InMemoryCluster.create(time));
    }

    Collection<InMemoryCluster> clusters() {
        return clusters.values();
    }

    /** The registry of a node; a broken one differs here. */
    ConnectionRegistry registry(InMemoryCluster cluster, RegistryContext context) {
        return sound(cluster, context);
    }

    private ConnectionRegistry registry(RegistryContext context) {
        return registry(cluster(context.namespace()), context);
    }

    /** A sound registry of this fixture's cluster, whose event loop is waited for. */
    private ConnectionRegistry sound(InMemoryCluster cluster, RegistryContext context) {
        InMemoryRegistry sound = cluster.registry(context, () -> {});
        registries.add(sound);
        return sound;
    }

    /** Waits until nothing is on its way to a listener or a caller; not for ever, for a test may break that. */
    private void settle() {
        long until = System.nanoTime() + SETTLED_WITHIN.toNanos();
        int quiet = 0;
        while (quiet < QUIET_TURNS && System.nanoTime() - until < 0) {
            boolean busy = false;
            for (InMemoryRegistry each : registries) {
                busy |= !each.isQuiet() | !turned(each);
            }
            quiet = busy ? 0 : quiet + 1;
        }
    }

    /** Waits for a turn of the registry's event loop. */
    private static boolean turned(InMemoryRegistry registry) {
        CountDownLatch turn = new CountDownLatch(1);
        registry.context().runOnContext(reached -> turn.countDown());
        try {
            return turn.await(SETTLED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public RegistryProvider provider() {
        return new RegistryProvider() {
            @Override
            public String name() {
                return "memory";
            }

            @Override
            public List<RegistryOption> options() {
                return List.of();
            }

            @Override
            public boolean clustered() {
                return false;
            }

            @Override
            public ConnectionRegistry create(RegistryContext context) {
                return registry(context);
            }
        };
    }

    @Override
    public Map<String, String> options() {
        return Map.of();
    }

    @Override
    public NodeHost mortal(RegistryContext context) {
        return new Host(cluster(context.namespace()), context.nodeName(), registry(context));
    }

    @Override
    public TckTime time() {
        return tckTime;
    }

    @Override
    public int traces(String namespace, String group) {
        return cluster(namespace).traces(group);
    }

    @Override
    public Backend backend() {
        return new AllBackends();
    }

    @Override
    public Links links() {
        return new AllLinks();
    }

    /** A node that can be cut off. */
    private record Host(InMemoryCluster cluster, String name, ConnectionRegistry registry) implements NodeHost {
        @Override
        public void kill() {
            cluster.crash(name);
        }

        @Override
        public void freeze() {
            cluster.freeze(name);
        }

        @Override
        public void thaw() {
            cluster.thaw(name);
        }

        /** Whether it still runs or was killed: nothing is left to free. */
        @Override
        public void close() {}
    }

    private final class AllBackends implements Backend {

        private void each(Consumer<InMemoryCluster> step) {
            clusters().forEach(step);
        }

        @Override
        public void checkpoint() {
            each(InMemoryCluster::checkpoint);
        }

        @Override
        public void stop() {
            each(InMemoryCluster::stop);
        }

        @Override
        public void start(Restart with) {
            dev.muster.registry.mock.Restart kept = dev.muster.registry.mock.Restart.valueOf(with.name());
            each(cluster -> cluster.start(kept));
        }

        @Override
        public void pause() {
            each(InMemoryCluster::pause);
        }

        @Override
        public void resume() {
            each(InMemoryCluster::resume);
        }
    }

    private final class AllLinks implements Links {

        private InMemoryCluster of(TckNode node) {
            return clusters().stream()
                    .filter(cluster -> cluster.runs(node.name()))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void cut(TckNode to) {
            of(to).breakLink(to.name());
        }

        @Override
        public Loss lose(TckNode to) {
            InMemoryCluster cluster = of(to);
            cluster.loseDeliveries(to.name(), true);
            return () -> cluster.loseDeliveries(to.name(), false);
        }
    }
}

package dev.muster.registry.mock;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryOption;
import dev.muster.registry.RegistryProvider;
import java.util.List;
import java.util.Set;

/**
 * {@code --registry memory}: nodes of one namespace in one process form a cluster. Nothing outlives the process, and a
 * node in a process of its own is alone.
 */
public final class InMemoryProvider implements RegistryProvider {

    /** For {@link java.util.ServiceLoader}. */
    public InMemoryProvider() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<String> aliases() {
        return Set.of("mock");
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
        String name = context.namespace();
        InMemoryCluster cluster = SharedClusters.join(
                name, () -> new InMemoryCluster(new VertxTime(context.vertx(), context.clock(), context.nanoTime())));
        return cluster.registry(context, () -> SharedClusters.leave(name));
    }
}

package dev.muster.registry.hazelcast;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryOption;
import dev.muster.registry.RegistryProvider;
import java.util.List;

/** Makes registries whose backend is the cluster of nodes itself: each node embeds a Hazelcast member. */
public final class HazelcastRegistryProvider implements RegistryProvider {

    @Override
    public String name() {
        return "hazelcast";
    }

    @Override
    public List<RegistryOption> options() {
        return HazelcastOptions.DESCRIPTORS;
    }

    @Override
    public boolean clustered() {
        return true;
    }

    @Override
    public ConnectionRegistry create(RegistryContext context) {
        return new HazelcastRegistry(context, HazelcastOptions.of(context.options()));
    }
}

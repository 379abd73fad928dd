package dev.muster.registry.redis;

import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.RegistryContext;
import dev.muster.registry.RegistryOption;
import dev.muster.registry.RegistryProvider;
import java.util.List;

/** Makes registries kept in a Redis server (7.0 or later): {@code --registry redis}. */
public final class RedisProvider implements RegistryProvider {

    /** Found by {@link java.util.ServiceLoader}. */
    public RedisProvider() {}

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public List<RegistryOption> options() {
        return RedisSettings.OPTIONS;
    }

    @Override
    public boolean clustered() {
        return true;
    }

    @Override
    public ConnectionRegistry create(RegistryContext context) {
        return new RedisRegistry(context, RedisSettings.of(context.options()));
    }
}

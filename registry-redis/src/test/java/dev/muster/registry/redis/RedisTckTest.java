package dev.muster.registry.redis;

import dev.muster.registry.tck.ConnectionRegistryTck;
import dev.muster.registry.tck.RegistryFixture;

/** The contract over a real server. */
class RedisTckTest extends ConnectionRegistryTck {

    @Override
    protected RegistryFixture newFixture() {
        return new RedisFixture();
    }
}

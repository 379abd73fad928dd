package dev.muster.registry.hazelcast;

import dev.muster.registry.tck.ConnectionRegistryTck;
import dev.muster.registry.tck.RegistryFixture;

/** The contract, kept by the Hazelcast registry. */
class HazelcastRegistryTest extends ConnectionRegistryTck {

    @Override
    protected RegistryFixture newFixture() {
        return new HazelcastFixture();
    }
}

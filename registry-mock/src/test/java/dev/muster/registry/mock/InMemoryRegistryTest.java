package dev.muster.registry.mock;

import dev.muster.registry.tck.ConnectionRegistryTck;
import dev.muster.registry.tck.RegistryFixture;

/** The contract, kept by the in-memory registry. */
class InMemoryRegistryTest extends ConnectionRegistryTck {

    @Override
    protected RegistryFixture newFixture() {
        return new MemoryFixture();
    }
}

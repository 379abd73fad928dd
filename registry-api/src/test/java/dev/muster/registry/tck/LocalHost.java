package dev.muster.registry.tck;

import dev.muster.registry.ConnectionRegistry;

/** A registry of this process. */
public final class LocalHost implements NodeHost {

    private final ConnectionRegistry registry;

    /** Runs {@code registry}, which is not started yet. */
    public LocalHost(ConnectionRegistry registry) {
        this.registry = registry;
    }

    @Override
    public ConnectionRegistry registry() {
        return registry;
    }

    /** The kit has closed the registry already; there is nothing else. */
    @Override
    public void close() {}
}

package dev.muster.registry.tck;

import dev.muster.registry.ConnectionRegistry;

/** Where a node's registry runs: in this process or in another, so that it can die and stand still. */
public interface NodeHost extends AutoCloseable {

    /** The registry, not started yet. For one in another process a stand-in that passes every call on. */
    ConnectionRegistry registry();

    /** Ends it without a word: nothing it has begun is finished, nobody is told. */
    default void kill() {
        throw new UnsupportedOperationException("this node cannot be killed");
    }

    /** Makes it stand still with all its threads. */
    default void freeze() {
        throw new UnsupportedOperationException("this node cannot be frozen");
    }

    /** Ends {@link #freeze()}. */
    default void thaw() {
        throw new UnsupportedOperationException("this node cannot be frozen");
    }

    /** Frees what it holds, with an orderly close of the registry if it still runs. */
    @Override
    void close();
}

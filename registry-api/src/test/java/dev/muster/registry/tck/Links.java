package dev.muster.registry.tck;

/**
 * Faults of the way from the backend, or from other nodes, to one node. They concern publications and sent bytes, not
 * the operations the node calls.
 */
public interface Links {

    /** A fixture that cannot reach its registry's links. */
    Links NONE = new Links() {};

    /** Breaks the link to the node once; the registry notices and makes a new one. Blocks until the old one is gone. */
    default void cut(TckNode to) {
        throw new UnsupportedOperationException("the links of this registry cannot be cut");
    }

    /**
     * From now on publications to the node vanish; nothing else tells of it.
     *
     * @return ends the loss when closed
     */
    default Loss lose(TckNode to) {
        throw new UnsupportedOperationException("the links of this registry cannot lose anything");
    }

    /** A loss that goes on until it is closed. */
    interface Loss extends AutoCloseable {
        @Override
        void close();
    }
}

package dev.muster.registry.hazelcast;

/** Where a registry is in its life. */
enum Phase {
    NEW,
    STARTING,
    UP,
    /** The cluster cannot be used now; the worker is on its way back into it. */
    AWAY,
    CLOSING,
    CLOSED
}

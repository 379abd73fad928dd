package dev.muster.node.sync;

import java.time.Duration;

/**
 * What spaces may take.
 *
 * @param maxComponentBytes longest bincode of a component
 * @param maxEntities most entities in a space; more are not spawned by this node
 * @param linger how long a replica is kept after its last use
 */
public record SyncSettings(int maxComponentBytes, int maxEntities, Duration linger) {

    /** 64 KiB, 100,000 entities, 30 s. */
    public static final SyncSettings DEFAULT = new SyncSettings(64 << 10, 100_000, Duration.ofSeconds(30));
}

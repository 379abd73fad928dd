package dev.muster.node.sync;

import java.time.Duration;

/**
 * What spaces may take.
 *
 * @param maxComponentBytes longest bincode of a component
 * @param maxEntities most entities in a space; more are not spawned by this node
 * @param maxSpaceBytes most bytes of bincode in a space; this node sets no component beyond
 * @param linger how long a replica is kept after its last use
 */
public record SyncSettings(int maxComponentBytes, int maxEntities, long maxSpaceBytes, Duration linger) {

    /** 64 KiB for a component; 100,000 entities and 256 MiB for a space; 30 s. */
    public static final SyncSettings DEFAULT = new SyncSettings(64 << 10, 100_000, 256 << 20, Duration.ofSeconds(30));
}

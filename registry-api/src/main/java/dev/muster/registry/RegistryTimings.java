package dev.muster.registry;

import java.time.Duration;

/**
 * The clocks of a registry. Shorter ones make tests quick; the proportions matter more than the figures.
 *
 * @param operationTimeout within which every future completes (R02)
 * @param lease how long a node that stops heartbeating keeps what it registered (R20)
 * @param heartbeat how often a node renews its lease; at most a third of the lease
 * @param sweep how often a node looks for dead ones
 * @param idleGroup how long an empty group's traces stay at least (R08)
 * @param dedupe how long a message id is remembered
 */
public record RegistryTimings(
        Duration operationTimeout,
        Duration lease,
        Duration heartbeat,
        Duration sweep,
        Duration idleGroup,
        Duration dedupe) {

    /** 2 s, lease 10 s, heartbeat 2 s, sweep 1 s, idle groups 60 s, message ids 5 min. */
    public static final RegistryTimings DEFAULT = new RegistryTimings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5));

    public RegistryTimings {
        positive("operationTimeout", operationTimeout);
        positive("lease", lease);
        positive("heartbeat", heartbeat);
        positive("sweep", sweep);
        positive("idleGroup", idleGroup);
        positive("dedupe", dedupe);
        if (heartbeat.multipliedBy(3).compareTo(lease) > 0) {
            throw new IllegalArgumentException(
                    "heartbeat must be at most a third of the lease of " + lease + ", but is " + heartbeat);
        }
    }

    /** These with another lease; heartbeat and sweep shrink or grow in proportion. */
    public RegistryTimings withLease(Duration lease) {
        return new RegistryTimings(operationTimeout, lease, lease.dividedBy(5), lease.dividedBy(10), idleGroup, dedupe);
    }

    /** These with another operation time-out. */
    public RegistryTimings withOperationTimeout(Duration operationTimeout) {
        return new RegistryTimings(operationTimeout, lease, heartbeat, sweep, idleGroup, dedupe);
    }

    /** These with another life of empty groups. */
    public RegistryTimings withIdleGroup(Duration idleGroup) {
        return new RegistryTimings(operationTimeout, lease, heartbeat, sweep, idleGroup, dedupe);
    }

    /** These with another memory for message ids. */
    public RegistryTimings withDedupe(Duration dedupe) {
        return new RegistryTimings(operationTimeout, lease, heartbeat, sweep, idleGroup, dedupe);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be longer than 0, but is " + value);
        }
    }
}

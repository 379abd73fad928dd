package dev.muster.registry.mock;

/** What an in-memory cluster's backend still has after {@link InMemoryCluster#start}. */
public enum Restart {
    /** Everything it had accepted. */
    KEEP,
    /** What it had at the last {@link InMemoryCluster#checkpoint()}; nothing without one. */
    ROLLBACK,
    /** Nothing. */
    LOSE
}

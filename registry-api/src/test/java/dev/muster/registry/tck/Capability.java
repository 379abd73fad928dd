package dev.muster.registry.tck;

/**
 * What a fixture can do to its registry. A test that needs one the fixture lacks is reported as skipped, with the
 * capability's name; it never passes silently.
 */
public enum Capability {
    /** A node can die without a word ({@link NodeHost#kill()}). */
    KILL_NODE,
    /** A node can stand still and go on later ({@link NodeHost#freeze()}, {@link NodeHost#thaw()}). */
    FREEZE_NODE,
    /** The backend can be stopped and started again with everything it had ({@link Backend.Restart#KEEP}). */
    STOP_BACKEND,
    /** The backend can come back as it was some time ago ({@link Backend.Restart#ROLLBACK}). */
    ROLL_BACK_BACKEND,
    /** The backend can come back empty ({@link Backend.Restart#LOSE}). */
    LOSE_BACKEND,
    /** The backend can stand still and go on later ({@link Backend#pause()}). */
    PAUSE_BACKEND,
    /** The link that brings publications to a node can be broken so that the registry may notice ({@link Links#cut}). */
    CUT_LINK,
    /** Publications to a node can vanish without a trace ({@link Links#lose}). */
    LOSE_ON_LINK,
    /** What the backend still holds of a group can be counted ({@link RegistryFixture#traces}). */
    COUNT_TRACES
}

package dev.muster.node.sync;

import dev.muster.node.connection.Identity;

/** Decides what clients may see. Must not block. */
@FunctionalInterface
public interface ReadPolicy {

    /** Everybody who was let in sees everything. */
    ReadPolicy ALLOW = (identity, space, component) -> true;

    /**
     * Whether somebody may see the components of a name.
     *
     * @param component a name; {@code *} for all there are
     */
    boolean allows(Identity identity, String space, String component);
}

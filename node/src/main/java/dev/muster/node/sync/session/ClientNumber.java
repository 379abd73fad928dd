package dev.muster.node.sync.session;

import dev.muster.node.codec.Fnv1a;

/** A connection as a number, for wires that have no room for its id. */
final class ClientNumber {

    private ClientNumber() {}

    /** The first 32 bits of the hash of an id. */
    static int of(String connectionId) {
        return (int) (Fnv1a.of(connectionId) >>> 32);
    }
}

package dev.muster.node.sync.session;

/** A connection as a number, for wires that have no room for its id. */
final class ClientNumber {

    private ClientNumber() {}

    /** The first 32 of the 64 bits of the FNV-1a hash of an id, see draft-eastlake-fnv-21. */
    static int of(String connectionId) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < connectionId.length(); i++) {
            hash = (hash ^ connectionId.charAt(i)) * 0x100000001b3L;
        }
        return (int) (hash >>> 32);
    }
}

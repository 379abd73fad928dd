package dev.muster.node.transport;

/** Says whether another connection may come in. Called for each upgrade, on its event loop; must not block. */
@FunctionalInterface
public interface ConnectionLimit {

    /** Lets everybody in. */
    ConnectionLimit NONE = address -> 0;

    /**
     * Asks for one connection, and counts it if it may come.
     *
     * @param remoteAddress the client's, as in the handshake
     * @return 0 to let it in, else after how many seconds to come back: 429 with {@code Retry-After}
     */
    long retryAfterSeconds(String remoteAddress);
}

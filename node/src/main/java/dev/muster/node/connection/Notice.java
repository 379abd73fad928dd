package dev.muster.node.connection;

import java.time.Duration;

/** Something about itself that a connection should be told, each protocol in its own form. */
public sealed interface Notice {

    /**
     * Its token ends soon, and the connection with it unless the client sends a newer one.
     *
     * @param left until the token ends
     */
    record TokenExpiring(Duration left) implements Notice {}

    /**
     * It sent more than it may, and what was too much is dropped. At most once a second.
     *
     * @param pause after which the next message is taken
     */
    record Limited(Duration pause) implements Notice {}
}

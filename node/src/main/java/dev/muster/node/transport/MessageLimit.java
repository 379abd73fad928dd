package dev.muster.node.transport;

import dev.muster.node.connection.Connection;
import java.time.Duration;

/** Says how much a client may send. */
@FunctionalInterface
public interface MessageLimit {

    /** Everything. */
    MessageLimit NONE = connection -> Meter.OPEN;

    /** Counts what one connection sends. On the connection's event loop only. */
    interface Meter {

        /** Lets everything through. */
        Meter OPEN = control -> Verdict.PASS;

        /**
         * Counts a message, if it may pass.
         *
         * @param control whether it is about the connection itself, see
         *     {@link dev.muster.node.connection.SocketHandler#isControl}
         */
        Verdict take(boolean control);

        /** After {@link Verdict#TELL}: how long to wait until the next message may pass. */
        default Duration pause() {
            return Duration.ZERO;
        }
    }

    /** What becomes of a message. */
    enum Verdict {
        /** It is delivered. */
        PASS,
        /** It is dropped; the client has been told lately. */
        DROP,
        /** It is dropped, and the client is told. */
        TELL,
        /** It is dropped, and its connection is closed: 4008. */
        CLOSE
    }

    /** A meter for a connection that was opened just now. On its event loop. */
    Meter meter(Connection connection);
}

package dev.muster.node.transport;

import dev.muster.node.connection.CloseReason;
import io.vertx.core.Future;
import java.time.Duration;

/** A port of the node. */
public interface Listener {

    /**
     * Binds. Fails with a sentence naming address and port if that is not possible; nothing is bound then.
     *
     * @return when clients are accepted
     */
    Future<? extends Listener> listen();

    /** The port that is really bound, also when any was asked for. */
    int port();

    /** From now on nobody is let in; what is open stays. */
    void drain();

    /**
     * Closes all connections.
     *
     * @param spread over how long, so that the clients do not all come back to other nodes at once; zero for at once
     * @return when everything is out, and the clients have answered or had their time
     */
    Future<Void> closeAll(CloseReason reason, Duration spread);

    /** Stops listening and cuts whatever is still open. */
    Future<Void> stop();
}

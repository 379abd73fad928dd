package dev.muster.node.connection;

import io.vertx.core.Future;

/** Decides who a client is, before its upgrade is answered. */
@FunctionalInterface
public interface Authenticator {

    /** Lets everybody in, as nobody in particular. */
    Authenticator OPEN = handshake -> Future.succeededFuture(Identity.ANONYMOUS);

    /**
     * Who asks, or a failure with a {@link Refusal}, which becomes the HTTP answer. Must not block; called on the
     * connection's event loop.
     */
    Future<Identity> authenticate(Handshake handshake);
}

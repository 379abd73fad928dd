package dev.muster.node.connection;

import io.vertx.core.Future;

/**
 * Takes tokens that come on an open connection, where an {@link Authenticator} takes those that come with the upgrade.
 * The futures complete on the connection's event loop, with the identity that the connection has from then on, or fail
 * with a {@link Refusal} of 401 or 403, whose message may be told to the client. On the connection's event loop only.
 */
public interface Gate {

    /** Whether nobody stays without a token. A wire that cannot carry one in its handshake then asks for it first. */
    boolean tokenRequired();

    /** The first token of a connection that came in without one: it says who the connection is. */
    Future<Identity> login(Connection connection, String token);

    /**
     * A newer token of the same user, in place of the one that will expire. Refused with 403 for another user, and for
     * a connection that came in without a token.
     */
    Future<Identity> refresh(Connection connection, String token);
}

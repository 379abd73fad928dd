package dev.muster.node.auth;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import io.vertx.core.Future;
import java.util.Set;

/**
 * For development on one's own machine: one well-known token, and whoever gives none is who the query says. A token
 * that is given has to be the right one, as it would have to be in production.
 */
public final class DevAuthenticator implements Authenticator {

    /** The token of {@link #DEMO_NAME}. */
    public static final String DEMO_TOKEN = "valid-token";

    /** The name of the user the token stands for. */
    public static final String DEMO_NAME = "John Doe";

    private static final String DEMO_USER = "1";

    private final boolean tokenRequired;

    /**
     * @param tokenRequired whether nobody comes in without a token
     */
    public DevAuthenticator(boolean tokenRequired) {
        this.tokenRequired = tokenRequired;
    }

    @Override
    public Future<Identity> authenticate(Handshake handshake) {
        try {
            return Future.succeededFuture(identify(handshake));
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
    }

    private Identity identify(Handshake handshake) {
        String token = Token.of(handshake);
        String user = handshake.query().get("user_id");
        String clientId = handshake.query().get("client_id");
        if (token == null) {
            if (tokenRequired) {
                throw Refusal.unauthorized(null);
            }
            return new Identity(user, null, clientId, Set.of(), false);
        }
        // Somebody else's token: the same refusal as with real ones, so that it shows before production.
        if (!token.equals(DEMO_TOKEN) || user != null && !user.equals(DEMO_USER)) {
            throw Refusal.unauthorized(null);
        }
        return new Identity(DEMO_USER, DEMO_NAME, clientId, Set.of(), true);
    }
}

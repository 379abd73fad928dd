package dev.muster.node.auth;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import io.vertx.core.Future;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one rule for all upgrades. A token that is given has to be valid, and what the query says of user and client must
 * not contradict it. Without a token one is who the query says, or not let in.
 */
public final class TokenAuthenticator implements Authenticator {

    /** The parameter of a path that names the room one enters with it. */
    private static final String ROOM = "room";

    private final Tokens tokens;
    private final boolean tokenRequired;
    private final Predicate<Identity> revoked;

    /**
     * @param tokens which are valid
     * @param tokenRequired whether nobody comes in without one
     * @param revoked whose right to come in was taken back
     */
    public TokenAuthenticator(Tokens tokens, boolean tokenRequired, Predicate<Identity> revoked) {
        this.tokens = tokens;
        this.tokenRequired = tokenRequired;
        this.revoked = revoked;
    }

    @Override
    public Future<Identity> authenticate(Handshake handshake) {
        try {
            return identify(handshake).map(identity -> admitted(identity, handshake));
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
    }

    private Future<Identity> identify(Handshake handshake) {
        String token = Token.of(handshake);
        String user = handshake.query().get("user_id");
        String clientId = handshake.query().get("client_id");
        if (token != null) {
            return tokens.verify(token).map(identity -> agreeing(identity, user, clientId));
        }
        if (tokenRequired) {
            throw Refusal.unauthorized(null);
        }
        return Future.succeededFuture(new Identity(user, null, clientId, Set.of(), false));
    }

    private static Identity agreeing(Identity identity, @Nullable String user, @Nullable String clientId) {
        if (user != null && !user.equals(identity.userId())) {
            throw Refusal.unauthorized("user_id", "must be the user of the token");
        }
        if (clientId == null) {
            return identity;
        }
        if (identity.clientId() != null && !clientId.equals(identity.clientId())) {
            throw Refusal.unauthorized("client_id", "must be the client of the token");
        }
        return identity.as(clientId);
    }

    private Identity admitted(Identity identity, Handshake handshake) {
        if (revoked.test(identity)) {
            throw Tokens.refusal("revoked", "it was taken back");
        }
        String room = handshake.parameters().get(ROOM);
        if (room != null && !identity.mayJoin(room)) {
            throw new Refusal(403, "forbidden: the token does not let you into this room");
        }
        return identity;
    }
}

package dev.muster.node.ops;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/**
 * Whether a plain request may do something that not everybody may. In development everybody may, but a token that is
 * given has to be valid all the same.
 *
 * @param authenticator as for upgrades
 * @param rolesCount whether a role is needed
 */
public record Permission(Authenticator authenticator, boolean rolesCount) {

    /** Fails with a {@link Refusal}: 401 without a valid token, 403 without any of the roles. */
    Future<Identity> check(HttpServerRequest request, String... roles) {
        String address = String.valueOf(request.remoteAddress().hostAddress());
        Handshake handshake = new Handshake(
                String.valueOf(request.path()),
                Map.of(),
                Handshake.present(request.params()),
                request.getHeader("Authorization"),
                address);
        return authenticator.authenticate(handshake).map(identity -> {
            if (rolesCount && !identity.hasAny(roles)) {
                throw new Refusal(403, "forbidden: this needs the role " + String.join(" or ", roles));
            }
            return identity;
        });
    }
}

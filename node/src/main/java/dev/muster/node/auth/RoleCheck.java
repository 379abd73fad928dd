package dev.muster.node.auth;

import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Says whether somebody may see or do what is not for everybody. */
public final class RoleCheck {

    /** Sees figures, and who is connected. */
    public static final String STATS = "stats";

    /** Does everything, and sees everything. */
    public static final String ADMIN = "admin";

    private final Tokens tokens;
    private final boolean open;
    private final Predicate<Identity> revoked;

    /**
     * @param tokens which are valid
     * @param open whether everybody may do everything: in development
     * @param revoked whose token was taken back
     */
    public RoleCheck(Tokens tokens, boolean open, Predicate<Identity> revoked) {
        this.tokens = tokens;
        this.open = open;
        this.revoked = revoked;
    }

    /** For everybody: what only those come to who may. */
    public static RoleCheck open() {
        return new RoleCheck(new DevTokens(), true, identity -> false);
    }

    /**
     * Fails with a {@link Refusal} of 401 without a valid token, of 403 without any of the roles.
     *
     * @param authorization the {@code Authorization} header, if any
     * @param query decoded parameters that have a value
     */
    public Future<Void> require(@Nullable String authorization, Map<String, String> query, String... roles) {
        if (open) {
            return Future.succeededFuture();
        }
        try {
            String token = Token.of(authorization, query);
            if (token == null) {
                throw Refusal.unauthorized(null);
            }
            return tokens.verify(token).map(identity -> {
                if (revoked.test(identity)) {
                    throw Tokens.refusal("revoked", "it was taken back");
                }
                if (!identity.hasAny(roles)) {
                    throw new Refusal(403, "forbidden: needs the role " + String.join(" or ", roles));
                }
                return null;
            });
        } catch (Refusal refusal) {
            return Future.failedFuture(refusal);
        }
    }
}

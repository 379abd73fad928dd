package dev.muster.node.auth;

import dev.muster.node.connection.Identity;
import io.vertx.core.Future;
import java.util.Set;

/** For development on one's own machine: one well-known token that never ends. */
public final class DevTokens implements Tokens {

    /** The token of {@link #DEMO_NAME}. */
    public static final String DEMO_TOKEN = "valid-token";

    /** The name of the user the token stands for. */
    public static final String DEMO_NAME = "John Doe";

    private static final Identity DEMO = new Identity("1", DEMO_NAME, null, Set.of(), true);

    @Override
    public Future<Identity> verify(String token) {
        return token.equals(DEMO_TOKEN)
                ? Future.succeededFuture(DEMO)
                : Future.failedFuture(Tokens.refusal("unknown_token", "in development there is one token only"));
    }
}

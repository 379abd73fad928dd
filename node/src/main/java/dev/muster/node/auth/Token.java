package dev.muster.node.auth;

import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Refusal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a client may put its token: the {@code Authorization} header, or for browsers, which cannot set one, the query. */
final class Token {

    private static final String SCHEME = "bearer ";

    private Token() {}

    /**
     * The token a client gave; null if it gave none.
     *
     * @throws Refusal if there is an {@code Authorization} header that holds no bearer token
     */
    static @Nullable String of(Handshake handshake) {
        String header = handshake.authorization();
        if (header != null) {
            return bearer(header);
        }
        String token = handshake.query().get("auth_token");
        return token == null ? handshake.query().get("access_token") : token;
    }

    private static String bearer(String header) {
        if (!header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw Refusal.unauthorized(null);
        }
        String token = header.substring(SCHEME.length()).trim();
        if (token.isEmpty()) {
            throw Refusal.unauthorized(null);
        }
        return token;
    }
}

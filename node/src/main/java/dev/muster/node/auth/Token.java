package dev.muster.node.auth;

import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Refusal;
import java.util.Locale;
import java.util.Map;
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
        return of(handshake.authorization(), handshake.query());
    }

    /** The same of a plain request. */
    static @Nullable String of(@Nullable String authorization, Map<String, String> query) {
        if (authorization != null) {
            return bearer(authorization);
        }
        String token = query.get("auth_token");
        return token == null ? query.get("access_token") : token;
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

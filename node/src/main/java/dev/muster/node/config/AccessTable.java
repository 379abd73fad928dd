package dev.muster.node.config;

import dev.muster.node.config.NodeOptions.Access;
import dev.muster.node.config.Option.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options about who may come in and do how much. */
final class AccessTable {

    private static final TokenOptions TOKENS = TokenOptions.DEFAULT;
    private static final LimitOptions LIMITS = LimitOptions.DEFAULT;

    private static final Option<Access.Auth> AUTH = new Option<>(
            "auth",
            Topic.ACCESS,
            Form.choice(Access.Auth.class),
            null,
            "How clients prove who they are: with tokens, or not at all; jwt if a key is given, else dev, which lets"
                    + " everybody in and accepts the demo token.");
    private static final Option<Boolean> INSECURE = new Option<>(
            "insecure",
            Topic.ACCESS,
            Form.toggle(),
            Boolean.toString(Access.DEFAULT.insecure()),
            "Listen on an address that is not loopback although --auth dev lets everybody in.");
    private static final Option<String> JWT_SECRET = new Option<>(
            "jwt-secret",
            Topic.ACCESS,
            Form.text("<secret>"),
            null,
            "Secret of at least 32 bytes that tokens are signed with, HS256.",
            "JWT_SECRET",
            true);
    private static final Option<String> JWT_SECRET_FILE =
            text("jwt-secret-file", "<file>", "File with that secret; blanks and line ends around it do not count.");
    private static final Option<String> JWT_KEY_FILE = text(
            "jwt-key-file",
            "<file>",
            "PEM file with the public key for tokens: RSA (RS256), EC (ES256, ES384, ES512) or Ed25519 (EdDSA).");
    private static final Option<String> JWT_JWKS = text(
            "jwt-jwks", "<file or url>", "JSON Web Key Set with public keys for tokens, a file or an https:// URL.");
    private static final Option<Duration> JWT_JWKS_RELOAD = new Option<>(
            "jwt-jwks-reload",
            Topic.ACCESS,
            Form.duration(TokenOptions.RELOAD),
            Durations.show(TOKENS.reload()),
            "How often the key set is read again; sooner if a token names a key that is not known.");
    private static final Option<String> JWT_ISSUER =
            text("jwt-issuer", "<text>", "What tokens must name as their issuer (iss).");
    private static final Option<String> JWT_AUDIENCE =
            text("jwt-audience", "<text>", "What tokens must name among those they are for (aud).");
    private static final Option<Duration> JWT_MAX_LIFETIME = new Option<>(
            "jwt-max-lifetime",
            Topic.ACCESS,
            Form.duration(TokenOptions.MAX_LIFETIME),
            Durations.show(TOKENS.maxLifetime()),
            "Longest life of a token; the same on all nodes.");
    private static final Option<Set<String>> ALLOW_ORIGIN = new Option<>(
            "allow-origin",
            Topic.ACCESS,
            Form.set(
                    "<origin,...>",
                    "scheme://host or scheme://host:port, several with commas between them",
                    Access::origin),
            null,
            "Web pages of other hosts that may connect.");
    private static final Option<Integer> OPS_PORT = new Option<>(
            "ops-port",
            Topic.ACCESS,
            Form.integer(OpsOptions.PORT),
            null,
            "Port for those who run the node: figures without a token, drain and revoke. Without it there is none.");
    private static final Option<String> OPS_HOST = new Option<>(
            "ops-host",
            Topic.ACCESS,
            Form.host(),
            OpsOptions.DEFAULT.host(),
            "Address of that port; on one that is not loopback it asks for tokens too.");

    private static final Option<Rate> LIMIT_MESSAGES = limit(
            "limit-messages",
            LIMITS.messages(),
            "Messages a connection may send; more are dropped, too many for long close it with 4008. Pings and the"
                    + " like have ten times as much of their own.");
    private static final Option<Rate> LIMIT_USER =
            limit("limit-user", LIMITS.user(), "Messages a user may send over all connections to all nodes, about.");
    private static final Option<Rate> LIMIT_NODE =
            limit("limit-node", LIMITS.node(), "Messages a node takes from all its connections.");
    private static final Option<Rate> LIMIT_CONNECTIONS =
            limit("limit-connections", LIMITS.connections(), "Connections that one address may open.");
    private static final Option<Boolean> LIMIT_LOOPBACK = new Option<>(
            "limit-loopback",
            Topic.ACCESS,
            Form.toggle(),
            Boolean.toString(LIMITS.loopback()),
            "Count connections from this machine too.");

    static final List<Option<?>> ALL = List.of(
            AUTH,
            INSECURE,
            JWT_SECRET,
            JWT_SECRET_FILE,
            JWT_KEY_FILE,
            JWT_JWKS,
            JWT_JWKS_RELOAD,
            JWT_ISSUER,
            JWT_AUDIENCE,
            JWT_MAX_LIFETIME,
            ALLOW_ORIGIN,
            OptionTable.TRUSTED_PROXIES,
            OPS_PORT,
            OPS_HOST,
            LIMIT_MESSAGES,
            LIMIT_USER,
            LIMIT_NODE,
            LIMIT_CONNECTIONS,
            LIMIT_LOOPBACK);

    private AccessTable() {}

    private static Option<String> text(String name, String placeholder, String description) {
        return new Option<>(name, Topic.ACCESS, Form.text(placeholder), null, description);
    }

    private static Option<Rate> limit(String name, Rate fallback, String description) {
        return new Option<>(name, Topic.ACCESS, Rate.form(), fallback.toString(), description);
    }

    static Access read(OptionReader.Values values) {
        TokenOptions tokens = new TokenOptions(
                orNull(values, JWT_SECRET),
                orNull(values, JWT_SECRET_FILE),
                orNull(values, JWT_KEY_FILE),
                orNull(values, JWT_JWKS),
                values.of(JWT_JWKS_RELOAD, TOKENS.reload()),
                orNull(values, JWT_ISSUER),
                orNull(values, JWT_AUDIENCE),
                values.of(JWT_MAX_LIFETIME, TOKENS.maxLifetime()));
        return new Access(
                values.of(AUTH, tokens.hasKey() ? Access.Auth.JWT : Access.Auth.DEV),
                values.of(INSECURE, Access.DEFAULT.insecure()),
                values.of(ALLOW_ORIGIN, Access.DEFAULT.allowedOrigins()),
                tokens,
                new OpsOptions(values.of(OPS_HOST, OpsOptions.DEFAULT.host()), orNull(values, OPS_PORT)),
                limits(values));
    }

    private static LimitOptions limits(OptionReader.Values values) {
        return new LimitOptions(
                values.of(LIMIT_MESSAGES, LIMITS.messages()),
                values.of(LIMIT_USER, LIMITS.user()),
                values.of(LIMIT_NODE, LIMITS.node()),
                values.of(LIMIT_CONNECTIONS, LIMITS.connections()),
                values.of(LIMIT_LOOPBACK, LIMITS.loopback()));
    }

    private static <T> @Nullable T orNull(OptionReader.Values values, Option<T> option) {
        Given given = values.given().get(option.name());
        return given == null ? null : option.read(given.text());
    }
}

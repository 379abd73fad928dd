package dev.muster.node;

import dev.muster.node.auth.ClaimRules;
import dev.muster.node.auth.DevTokens;
import dev.muster.node.auth.Gatekeeper;
import dev.muster.node.auth.LiveConnections;
import dev.muster.node.auth.Revocations;
import dev.muster.node.auth.RoleCheck;
import dev.muster.node.auth.TokenAuthenticator;
import dev.muster.node.auth.TokenSettings;
import dev.muster.node.auth.Tokens;
import dev.muster.node.config.InvalidOption;
import dev.muster.node.config.NodeOptions;
import dev.muster.node.config.NodeOptions.Access.Auth;
import dev.muster.node.config.TokenOptions;
import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Gate;
import dev.muster.node.directory.Directory;
import dev.muster.node.ops.NamedFigures;
import dev.muster.registry.ConnectionRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.LongSupplier;

/** Who may come in to a node, and stay. */
final class Entrance {

    private static final String REVOKED = "revoked";

    private final boolean tokenRequired;
    private final Tokens tokens;
    private final Revocations revocations;
    private final LiveConnections live;

    /**
     * @throws InvalidOption if a key cannot be read, or is none
     */
    Entrance(
            NodeOptions.Access access,
            Vertx vertx,
            ConnectionRegistry registry,
            NodeTalk talk,
            Clock clock,
            LongSupplier nanoTime) {
        this.tokenRequired = access.auth() == Auth.JWT;
        this.tokens = tokenRequired
                ? settings(access.tokens()).load(vertx, clock, nanoTime, Entrance::wrong)
                : new DevTokens();
        this.revocations = new Revocations(
                registry, what -> talk.tell(REVOKED, what), access.tokens().maxLifetime(), clock, this::recheck);
        this.live = new LiveConnections(revocations::covers, clock);
        talk.listen(REVOKED, revocations::onNews);
    }

    private static InvalidOption wrong(String option, String must) {
        return new InvalidOption("--" + option, must);
    }

    private static TokenSettings settings(TokenOptions options) {
        return new TokenSettings(
                options.secret(),
                options.secretFile(),
                options.keyFile(),
                options.keySet(),
                options.reload(),
                new ClaimRules(options.issuer(), options.audience(), options.maxLifetime(), ClaimRules.LEEWAY));
    }

    private void recheck() {
        live.recheck();
    }

    /** Whether nobody comes in without a token. */
    boolean tokenRequired() {
        return tokenRequired;
    }

    /** For upgrades where the configuration decides whether a token is needed. */
    Authenticator usual() {
        return new TokenAuthenticator(tokens, tokenRequired, revocations::covers);
    }

    /** For upgrades that always need a token. */
    Authenticator withToken() {
        return new TokenAuthenticator(tokens, true, revocations::covers);
    }

    Gate gate(Directory directory) {
        return new Gatekeeper(tokens, tokenRequired, revocations::covers, connection -> {
            directory.update(connection);
            live.add(connection);
        });
    }

    /** For what is not for everybody on the node's own port: in development it is. */
    RoleCheck roles() {
        return new RoleCheck(tokens, !tokenRequired, revocations::covers);
    }

    /** For the port of those who run the node: whoever reaches it may, if only this machine can. */
    RoleCheck opsRoles(String host) {
        return NodeOptions.Http.isLoopback(host) ? RoleCheck.open() : roles();
    }

    Revocations revocations() {
        return revocations;
    }

    void opened(Connection connection) {
        live.add(connection);
    }

    void closed(Connection connection) {
        live.remove(connection);
    }

    /** Learns what was taken back before this node began. */
    Future<Void> begin() {
        return revocations.tick();
    }

    /** To be called each second. */
    void tick() {
        tokens.tick();
        live.tick();
        revocations.tick();
    }

    void addFigures(NamedFigures figures) {
        figures.gauge(
                "muster.auth.revocations", "Tokens and users taken back that this node knows of", revocations::count);
        figures.gauge("muster.auth.connections", "Connections of this node that a user holds", live::count);
    }
}

package dev.muster.node.auth;

import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Gate;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Takes tokens on open connections. */
public final class Gatekeeper implements Gate {

    private final Tokens tokens;
    private final boolean tokenRequired;
    private final Predicate<Identity> revoked;
    private final Consumer<Connection> changed;

    /**
     * @param tokens which are valid
     * @param tokenRequired whether nobody stays without one
     * @param revoked whose right to come in was taken back
     * @param changed told of each connection that has another identity now, on its loop
     */
    public Gatekeeper(Tokens tokens, boolean tokenRequired, Predicate<Identity> revoked, Consumer<Connection> changed) {
        this.tokens = tokens;
        this.tokenRequired = tokenRequired;
        this.revoked = revoked;
        this.changed = changed;
    }

    @Override
    public boolean tokenRequired() {
        return tokenRequired;
    }

    @Override
    public Future<Identity> login(Connection connection, String token) {
        return present(connection, token, said -> said);
    }

    @Override
    public Future<Identity> refresh(Connection connection, String token) {
        Identity before = connection.identity();
        if (!before.authenticated()) {
            return Future.failedFuture(
                    new Refusal(403, "forbidden: this connection came in without a token, so there is none to renew"));
        }
        return present(connection, token, said -> {
            boolean sameClient = said.clientId() == null || said.clientId().equals(before.clientId());
            if (!Objects.equals(said.userId(), before.userId()) || !sameClient) {
                throw new Refusal(403, "forbidden: the token is of another user or client");
            }
            // The name stays: the others in the room know the connection by it.
            return new Identity(before.userId(), before.name(), before.clientId(), said.roles(), true, said.grant());
        });
    }

    private Future<Identity> present(Connection connection, String token, Function<Identity, Identity> agreed) {
        Promise<Identity> done = Promise.promise();
        tokens.verify(token).onComplete((said, failure) -> {
            if (connection.loop().inEventLoop()) {
                decide(connection, said, failure, agreed, done);
            } else {
                connection.loop().execute(() -> decide(connection, said, failure, agreed, done));
            }
        });
        return done.future();
    }

    private void decide(
            Connection connection,
            Identity said,
            Throwable failure,
            Function<Identity, Identity> agreed,
            Promise<Identity> done) {
        if (failure != null) {
            done.fail(failure);
            return;
        }
        try {
            if (revoked.test(said)) {
                throw Tokens.refusal("revoked", "it was taken back");
            }
            Identity identity = agreed.apply(said);
            connection.identify(identity);
            changed.accept(connection);
            done.complete(identity);
        } catch (Refusal refusal) {
            done.fail(refusal);
        }
    }
}

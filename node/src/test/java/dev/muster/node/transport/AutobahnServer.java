package dev.muster.node.transport;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Route;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;

/** Echoes every message, for the Autobahn test suite: {@code ./mvnw -Pautobahn -pl node -am test -DskipTests}. */
public final class AutobahnServer {

    private AutobahnServer() {}

    /**
     * Listens until the process ends.
     *
     * @param args the port
     */
    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        SocketLimits limits = new SocketLimits(16 << 20, 1 << 20, 32 << 20, 100_000);
        new HttpListener(
                        vertx,
                        TransportOptions.DEFAULT
                                .withPort(Integer.parseInt(args[0]))
                                .withLimits(limits),
                        RouteTable.builder()
                                .socket(new Route("/", Authenticator.OPEN, TestListener.ECHO))
                                .build(),
                        request -> HttpErrors.answer(request, 404, "not found", List.of()),
                        ConnectionLimit.NONE,
                        MessageLimit.NONE,
                        ConnectionListener.NONE,
                        new ConnectionIds(1),
                        new TransportMetrics())
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }
}

package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Route;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.Protocol;
import dev.muster.node.protocol.ProtocolContext;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** {@code /ws/{room}}: frames go to every other member unchanged, never to the sender. */
public final class RelayProtocol implements Protocol {

    static final String NAME = "relay";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Route> routes(ProtocolContext context) {
        List<Route.Check> checks = new ArrayList<>(Checks.ROOM_AND_IDS);
        checks.add(BinaryMode::of);
        return List.of(
                new Route("/ws/{room}", withClientId(context.tokenOptional()), new RelayHandler(context), checks));
    }

    /**
     * A client that gave no id gets one before anybody hears of it, so that it is the same everywhere: in its hello, in
     * the records of the cluster, and with what it says.
     */
    private static Authenticator withClientId(Authenticator authenticator) {
        return handshake -> authenticator
                .authenticate(handshake)
                .map(identity -> identity.clientId() == null
                        ? identity.as(UUID.randomUUID().toString())
                        : identity);
    }
}

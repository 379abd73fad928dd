package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Route;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.Protocol;
import dev.muster.node.protocol.ProtocolContext;
import java.util.List;

/** {@code /ws/{room}}: frames go to every other member unchanged, never to the sender. */
public final class RelayProtocol implements Protocol {

    static final String NAME = "relay";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Route> routes(ProtocolContext context) {
        return List.of(
                new Route("/ws/{room}", context.tokenOptional(), new RelayHandler(context), Checks.ROOM_AND_IDS));
    }
}

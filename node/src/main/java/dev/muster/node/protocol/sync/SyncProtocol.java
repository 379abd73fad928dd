package dev.muster.node.protocol.sync;

import dev.muster.node.connection.Route;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.Protocol;
import dev.muster.node.protocol.ProtocolContext;
import java.util.ArrayList;
import java.util.List;

/** {@code /ws/sync}: entities and components of a space, as JSON. */
public final class SyncProtocol implements Protocol {

    static final String NAME = "sync";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Route> routes(ProtocolContext context) {
        List<Route.Check> checks = new ArrayList<>(Checks.IDS);
        checks.add(Checks.space(context.sync().sync()));
        return List.of(new Route("/ws/sync", context.tokenOptional(), new SyncSockets(context), checks));
    }
}

package dev.muster.node.protocol.packet;

import dev.muster.node.connection.Route;
import dev.muster.node.connection.StreamRoute;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.Protocol;
import dev.muster.node.protocol.ProtocolContext;
import java.util.List;
import java.util.Optional;

/** Packets in binary frames on {@code /ws/packet}, {@code /} and {@code /sync}, and on raw TCP. */
public final class PacketProtocol implements Protocol {

    static final String NAME = "packet";

    /** A WebSocket message with the largest packet in it. */
    private static final int MAX_MESSAGE_BYTES = Packet.LENGTH_BYTES + Packet.MAX_BYTES;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Route> routes(ProtocolContext context) {
        PacketHandler handler = new PacketHandler(context);
        return List.of(
                route("/ws/packet", context, handler), route("/", context, handler), route("/sync", context, handler));
    }

    @Override
    public Optional<StreamRoute> stream(ProtocolContext context) {
        Route everywhere = route("/", context, new PacketHandler(context)).speaking(NAME);
        return Optional.of(new StreamRoute(everywhere, PacketFraming.INSTANCE, new PacketEntrance(context)));
    }

    private static Route route(String pattern, ProtocolContext context, PacketHandler handler) {
        Route.Check space = Checks.space(context.sync().sync());
        return new Route(pattern, context.tokenOptional(), handler, List.of(space)).withMaxMessage(MAX_MESSAGE_BYTES);
    }
}

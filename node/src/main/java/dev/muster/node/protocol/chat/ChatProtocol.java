package dev.muster.node.protocol.chat;

import dev.muster.node.connection.Route;
import dev.muster.node.protocol.Checks;
import dev.muster.node.protocol.Protocol;
import dev.muster.node.protocol.ProtocolContext;
import java.util.List;

/** {@code /ws/chat/{room}}: a room of people with names, in which everybody reads every line. */
public final class ChatProtocol implements Protocol {

    static final String NAME = "chat";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Route> routes(ProtocolContext context) {
        return List.of(
                new Route("/ws/chat/{room}", context.tokenRequired(), new ChatHandler(context), Checks.ROOM_AND_IDS));
    }
}

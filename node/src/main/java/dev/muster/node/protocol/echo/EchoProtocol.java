package dev.muster.node.protocol.echo;

import dev.muster.node.connection.Authenticator;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.Route;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.protocol.ErrorCode;
import dev.muster.node.protocol.Notices;
import dev.muster.node.protocol.Protocol;
import dev.muster.node.protocol.ProtocolContext;
import io.vertx.core.Future;
import java.util.List;

/** {@code /ws/simple}: open to all, in no room, says back what it hears. */
public final class EchoProtocol implements Protocol {

    private static final String NAME = "simple";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Route> routes(ProtocolContext context) {
        return List.of(new Route("/ws/simple", Authenticator.OPEN, new EchoHandler(context)));
    }

    private record EchoHandler(ProtocolContext context) implements SocketHandler {
        @Override
        public Future<Void> onConnect(Connection connection) {
            // Whoever has read the greeting is counted on every node. Without a registry it is served all the same.
            return context.directory().registered(connection).transform(registered -> {
                connection.sendText("Connected! Send me messages.");
                return Future.succeededFuture();
            });
        }

        @Override
        public void onNotice(Connection connection, Notice notice) {
            String line = Notices.line(notice);
            if (line != null) {
                context.badInput().count(NAME, ErrorCode.RATE_LIMITED);
                connection.sendText(line);
            }
        }

        @Override
        public void onMessage(Connection connection, Message message) {
            if (message.isText()) {
                connection.sendText("You said: " + message.text());
            } else {
                context.badInput().count(NAME, ErrorCode.BAD_FRAME);
                connection.sendText("! " + ErrorCode.BAD_FRAME.sentence());
            }
        }
    }
}

package dev.muster.node.example;

import dev.muster.node.Node;
import dev.muster.node.connection.Authenticator;

/** A node with a handler of its own beside the built-in protocols. */
public final class Echo {

    private Echo() {}

    /** Serves {@code ws://localhost:8080/echo/you}. */
    public static void main(String[] args) {
        Node.builder()
                .registry("memory")
                .port(args.length == 0 ? 8080 : Integer.parseInt(args[0]))
                .route(
                        "/echo/{name}",
                        Authenticator.OPEN,
                        (connection, message) ->
                                connection.sendText(connection.handshake().parameter("name") + ": " + message.text()))
                .start()
                .onSuccess(node -> System.out.println("listening on port " + node.port()));
    }
}

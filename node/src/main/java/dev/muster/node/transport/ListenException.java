package dev.muster.node.transport;

/** A port that cannot be bound. The message is a sentence for whoever started the node. */
public final class ListenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ListenException(String host, int port, String why) {
        super("cannot listen on " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + ": " + why);
    }
}

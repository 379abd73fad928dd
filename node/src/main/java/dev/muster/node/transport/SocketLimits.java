package dev.muster.node.transport;

/**
 * What one connection may make the node keep.
 *
 * @param maxMessageBytes a message from a client, over all its fragments; more is answered with 1009
 * @param maxFragments frames a message may come in
 * @param outboxBytes what may wait for a client that does not read; beyond it the client is closed with 4002
 * @param outboxMessages frames that may wait once the socket itself takes no more
 */
public record SocketLimits(int maxMessageBytes, int maxFragments, int outboxBytes, int outboxMessages) {

    /** 1 MiB for each message and outbox, 1,000 frames waiting. */
    public static final SocketLimits DEFAULT = new SocketLimits(1 << 20, 16_384, 1 << 20, 1_000);

    public SocketLimits {
        OptionCheck.atLeast("maxMessageBytes", maxMessageBytes, 1);
        OptionCheck.atLeast("maxFragments", maxFragments, 1);
        OptionCheck.atLeast("outboxBytes", outboxBytes, 1);
        OptionCheck.atLeast("outboxMessages", outboxMessages, 1);
    }
}

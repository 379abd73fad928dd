package dev.muster.node.transport;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;

/** The two ways to leave a peer. Nobody waits for either: that the channel is gone shows at its handler. */
final class Hangup {

    private Hangup() {}

    /** Closes the socket; what was not sent yet is lost. */
    @SuppressWarnings("FutureReturnValueIgnored")
    static void now(Channel channel) {
        channel.close();
    }

    /**
     * Ends our direction only, and leaves it to the peer to close. To close a socket with bytes unread makes the system
     * reset it, and the peer may lose what it was sent last.
     */
    @SuppressWarnings("FutureReturnValueIgnored")
    static void ourSide(Channel channel) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            channel.close();
        }
    }
}

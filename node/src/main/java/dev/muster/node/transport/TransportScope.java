package dev.muster.node.transport;

import dev.muster.node.connection.CloseReason;

/**
 * What all connections of a node's transports share.
 *
 * @param tooBig the answer to messages over the limit
 */
record TransportScope(
        TransportOptions options,
        TransportMetrics metrics,
        ConnectionIds ids,
        ConnectionListener listener,
        ConnectionLog log,
        CloseReason tooBig) {

    TransportScope(TransportOptions options, TransportMetrics metrics, ConnectionIds ids, ConnectionListener listener) {
        this(
                options,
                metrics,
                ids,
                listener,
                new ConnectionLog(metrics),
                FrameDecoder.tooBig(options.limits().maxMessageBytes()));
    }
}

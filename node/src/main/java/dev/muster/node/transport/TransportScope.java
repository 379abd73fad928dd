package dev.muster.node.transport;

import dev.muster.node.connection.CloseReason;

/**
 * What all connections of a node's transports share.
 *
 * @param messages how much clients may send
 * @param tooBig the answer to messages over the limit
 */
record TransportScope(
        TransportOptions options,
        TransportMetrics metrics,
        ConnectionIds ids,
        ConnectionListener listener,
        MessageLimit messages,
        ConnectionLog log,
        CloseReason tooBig) {

    TransportScope(
            TransportOptions options,
            TransportMetrics metrics,
            ConnectionIds ids,
            ConnectionListener listener,
            MessageLimit messages) {
        this(
                options,
                metrics,
                ids,
                listener,
                messages,
                new ConnectionLog(metrics),
                FrameDecoder.tooBig(options.limits().maxMessageBytes()));
    }
}

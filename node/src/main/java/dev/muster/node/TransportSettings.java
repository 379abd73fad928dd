package dev.muster.node;

import dev.muster.node.config.NodeOptions;
import dev.muster.node.transport.HttpLimits;
import dev.muster.node.transport.Origins;
import dev.muster.node.transport.SocketLimits;
import dev.muster.node.transport.SocketTimeouts;
import dev.muster.node.transport.TransportOptions;
import java.util.List;

/** What of a node's options concerns its transports. */
final class TransportSettings {

    private TransportSettings() {}

    static TransportOptions of(NodeOptions options) {
        NodeOptions.Sockets sockets = options.sockets();
        SocketLimits limits = new SocketLimits(
                sockets.maxMessageBytes(),
                SocketLimits.DEFAULT.maxFragments(),
                sockets.outboxBytes(),
                sockets.outboxMessages());
        SocketTimeouts timeouts = new SocketTimeouts(
                sockets.pingInterval(),
                sockets.pingTimeout(),
                SocketTimeouts.DEFAULT.message(),
                SocketTimeouts.DEFAULT.close());
        return new TransportOptions(
                options.http().host(),
                options.http().port(),
                origins(options.access()),
                List.copyOf(options.http().trustedProxies()),
                limits,
                timeouts,
                new HttpLimits(
                        HttpLimits.DEFAULT.maxUriBytes(),
                        HttpLimits.DEFAULT.maxHeaderBytes(),
                        HttpLimits.DEFAULT.maxBodyBytes(),
                        options.http().headerTimeout(),
                        HttpLimits.DEFAULT.idleTimeout()));
    }

    /** In development any page of this machine may connect. */
    private static Origins origins(NodeOptions.Access access) {
        return new Origins(access.allowedOrigins(), access.auth() == NodeOptions.Access.Auth.DEV);
    }
}

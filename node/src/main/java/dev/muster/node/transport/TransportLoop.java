package dev.muster.node.transport;

import io.netty.channel.EventLoop;

/** What the connections of one event loop share. Lives on it. */
final class TransportLoop {

    final EventLoop eventLoop;
    final TransportScope scope;
    final FlushTick flushTick;
    final TimerWheel wheel;
    final KeepAlive keepAlive;

    TransportLoop(EventLoop eventLoop, TransportScope scope) {
        this.eventLoop = eventLoop;
        this.scope = scope;
        this.flushTick = new FlushTick(eventLoop, scope.metrics());
        this.wheel = new TimerWheel(eventLoop, scope.options().tick());
        this.keepAlive = new KeepAlive(wheel, scope.options().timeouts());
    }
}

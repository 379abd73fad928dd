package dev.muster.node.transport;

import dev.muster.node.transport.TransportMetrics.Wire;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;

/** What the connections of one event loop share. Lives on it. */
final class TransportLoop {

    final EventLoop eventLoop;
    final TransportScope scope;
    final FlushTick flushTick;
    final TimerWheel wheel;
    final KeepAlive keepAlive;
    private final Map<Wire, SentCount> sent = new HashMap<>();

    TransportLoop(EventLoop eventLoop, TransportScope scope) {
        this.eventLoop = eventLoop;
        this.scope = scope;
        this.flushTick = new FlushTick(eventLoop);
        this.wheel = new TimerWheel(eventLoop, scope.options().tick());
        this.keepAlive = new KeepAlive(wheel, scope.options().timeouts());
    }

    /** Where this loop's connections of a wire count what they send. */
    SentCount sent(Wire wire) {
        return sent.computeIfAbsent(
                wire, added -> scope.metrics().traffic(added).newSentCount());
    }
}

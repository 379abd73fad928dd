package dev.muster.node.transport;

import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** A channel's handler that a {@link TimerWheel} calls at its time. It is its own list node: no object for a timer. */
abstract class TimedHandler extends ChannelInboundHandlerAdapter {

    /** The list of the wheel's slot it is in; null when it is in none. */
    @Nullable
    TimedHandler next;

    @Nullable
    TimedHandler previous;
    /** The tick it waits for. */
    int due;

    /**
     * The time has come; it is in no slot now and schedules itself again if it wants to.
     *
     * @param now the current tick
     */
    abstract void onTime(int now);
}

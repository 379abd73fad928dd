package dev.muster.node.transport;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.transport.TransportMetrics.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The part of a connection that is the same on every wire: who it is, and what is sent to it. */
abstract class ChannelConnection extends TimedHandler implements Connection, Outbox.Overflow {

    final TransportLoop loop;
    final Channel channel;
    final Outbox outbox;
    final Traffic traffic;
    private volatile String id;
    private volatile Identity identity;
    private final Handshake handshake;
    private final long connectedAtMillis = System.currentTimeMillis();
    private final MessageLimit.Meter meter;
    private @Nullable Object attachment;
    int closeCode;

    /**
     * @param wire where it is counted
     */
    ChannelConnection(TransportLoop loop, Channel channel, Wire wire, Identity identity, Handshake handshake) {
        this.loop = loop;
        this.channel = channel;
        this.id = loop.scope.ids().next();
        this.identity = identity;
        this.handshake = handshake;
        this.traffic = loop.scope.metrics().traffic(wire);
        this.outbox = new Outbox(
                channel, loop.flushTick, loop.sent(wire), loop.scope.options().limits(), this);
        this.meter = loop.scope.messages().meter(this);
    }

    /** Whether a message may be delivered. If not, the client is told, or the connection closed, here. */
    final boolean mayPass(SocketHandler handler, Message message) {
        // Without a limit nobody has to guess what a message is.
        if (meter == MessageLimit.Meter.OPEN || handler.isStream()) {
            return true;
        }
        MessageLimit.Verdict verdict = meter.take(Callbacks.isControl(handler, message));
        if (verdict == MessageLimit.Verdict.DROP || verdict == MessageLimit.Verdict.TELL) {
            Callbacks.dropped(handler, this, message);
        }
        return passes(verdict);
    }

    @Override
    public final boolean mayTake(boolean control) {
        return passes(meter.take(control));
    }

    private boolean passes(MessageLimit.Verdict verdict) {
        if (verdict == MessageLimit.Verdict.TELL) {
            inform(new Notice.Limited(meter.pause()));
        } else if (verdict == MessageLimit.Verdict.CLOSE) {
            close(CloseReason.TOO_MANY_REQUESTS);
        }
        return verdict == MessageLimit.Verdict.PASS;
    }

    /** Whether a frame that only the transport sees, a ping, may be answered. */
    final boolean mayPassControl() {
        return meter.take(true) == MessageLimit.Verdict.PASS;
    }

    final void onLoop(Runnable task) {
        if (loop.eventLoop.inEventLoop()) {
            task.run();
        } else {
            loop.eventLoop.execute(task);
        }
    }

    @Override
    public final void sendText(String text) {
        ByteBuf utf8 = ByteBufUtil.writeUtf8(PooledByteBufAllocator.DEFAULT, text);
        ByteBuf frame = framing().text(utf8);
        onLoop(() -> offer(frame));
    }

    @Override
    public final void sendBinary(Buffer bytes) {
        ByteBuf frame = framing().binary(((BufferInternal) bytes).getByteBuf().retain());
        onLoop(() -> offer(frame));
    }

    @Override
    public final void offer(ByteBuf frame) {
        outbox.offer(frame);
    }

    @Override
    public final void offer(ByteBuf start, ByteBuf rest) {
        outbox.offer(start, rest);
    }

    @Override
    public final void adopt(String id) {
        this.id = id;
    }

    @Override
    public final int closeCode() {
        return closeCode;
    }

    @Override
    public final long pendingBytes() {
        return outbox.pendingBytes();
    }

    @Override
    public final int pendingMessages() {
        return outbox.pendingMessages();
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final Identity identity() {
        return identity;
    }

    @Override
    public final void identify(Identity identity) {
        this.identity = identity;
    }

    @Override
    public final Handshake handshake() {
        return handshake;
    }

    @Override
    public final Instant connectedAt() {
        return Instant.ofEpochMilli(connectedAtMillis);
    }

    @Override
    public final EventLoop loop() {
        return loop.eventLoop;
    }

    @Override
    public final @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public final void attach(@Nullable Object attachment) {
        this.attachment = attachment;
    }
}

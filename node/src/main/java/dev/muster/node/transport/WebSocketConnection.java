package dev.muster.node.transport;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Framing;
import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Route;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket after its upgrade: the only handler of its channel, and the connection that everything above sees.
 *
 * <p>It goes from open to closing (our close frame is out, the client's is awaited) to closed, or there at once. For
 * everything above it is gone with the first of these steps.
 */
final class WebSocketConnection extends ServedConnection implements FrameDecoder.Sink {

    private static final String TRANSPORT = "websocket";
    private static final CloseReason SLOW_MESSAGE = CloseReason.SLOW.saying("slow: the message took too long");

    private final FrameDecoder decoder;

    private boolean broken;
    private int pingAt;
    /** The tick in which the message at hand began; 0 for none. */
    private int messageSince;

    WebSocketConnection(TransportLoop loop, Channel channel, Identity identity, Handshake handshake, Route route) {
        super(loop, channel, TRANSPORT, route, identity, handshake, Phase.OPEN);
        SocketLimits limits = loop.scope.options().limits();
        int own = route.maxMessageBytes();
        this.decoder = own == 0
                ? new FrameDecoder(limits.maxMessageBytes(), limits.maxFragments(), loop.scope.tooBig())
                : new FrameDecoder(own, limits.maxFragments(), FrameDecoder.tooBig(own));
    }

    /**
     * Begins, after the upgrade is answered and this is in the pipeline.
     *
     * @param early what the client sent right behind its request; one reference is taken over
     */
    void start(@Nullable ByteBuf early) {
        seen = loop.wheel.now();
        pingAt = loop.keepAlive.firstPing();
        scheduleCheck();
        unread = early;
        open();
    }

    // ---- what the channel says

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        if (!(read instanceof ByteBuf in)) {
            ReferenceCountUtil.release(read);
            return;
        }
        seen = loop.wheel.now();
        if (broken || phase() == Phase.CLOSED) {
            in.release();
        } else if (unread != null || isPaused()) {
            keep(in);
        } else {
            take(in);
        }
    }

    @Override
    void take(ByteBuf in) {
        try {
            decoder.decode(in, this);
        } catch (CloseException violation) {
            violated(violation);
        }
        if (in.isReadable() && !broken && phase() != Phase.CLOSED) {
            unread = in;
        } else {
            in.release();
        }
        if (!decoder.isMidMessage()) {
            messageSince = 0;
        } else if (messageSince == 0 && isOpen()) {
            messageSince = loop.wheel.now();
            scheduleCheck();
        }
    }

    private void violated(CloseException violation) {
        broken = true;
        if (isOpen()) {
            // The rest cannot be read as frames, the client's close frame included: our side is closed for good, and
            // the client's bytes are taken and dropped until it notices. Cutting the socket at once would make the
            // system throw away our close frame together with what was not read.
            int code = violation.reason().code();
            end(Ending.byServer(code), code, violation, Phase.CLOSING);
            outbox.finishNow(WebSocketFraming.close(violation.reason()), written -> Hangup.ourSide(channel));
            loop.wheel.schedule(this, loop.keepAlive.closeUntil(false));
        } else {
            Hangup.now(channel);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        outbox.writabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(Ending.lost(), LOST, new ConnectionLostException(), Phase.CLOSED);
        over();
    }

    // ---- what the decoder says

    @Override
    public void message(boolean text, byte[] payload, int length) {
        messageSince = 0;
        if (isOpen()) {
            deliver(text, payload, length);
        }
    }

    @Override
    public void ping(byte[] payload) {
        if (isOpen() && mayPassControl()) {
            outbox.urgent(WebSocketFraming.pong(payload));
        }
    }

    @Override
    public void closeFrame(int code, String reason) {
        if (isOpen()) {
            end(code == LOST ? Ending.lost() : Ending.byClient(code), code, null, Phase.CLOSED);
            ByteBuf answer = code == FrameDecoder.NO_CODE
                    ? WebSocketFraming.bareClose()
                    : WebSocketFraming.close(new CloseReason(code, ""));
            outbox.finishNow(answer, ChannelFutureListener.CLOSE);
            loop.wheel.schedule(this, loop.keepAlive.closeUntil(false));
        } else {
            go(Phase.CLOSED);
            Hangup.now(channel);
        }
    }

    @Override
    public boolean paused() {
        return isPaused() || phase() == Phase.CLOSED;
    }

    // ---- closing and time

    @Override
    void close(CloseReason reason, @Nullable CloseException cause) {
        if (!isOpen()) {
            return;
        }
        end(Ending.byServer(reason.code()), reason.code(), cause, Phase.CLOSING);
        boolean slow = reason.code() == CloseReason.SLOW.code();
        if (slow) {
            outbox.finishNow(WebSocketFraming.close(reason), written -> {});
        } else {
            outbox.finish(WebSocketFraming.close(reason));
        }
        decoder.discardMessages();
        loop.wheel.schedule(this, loop.keepAlive.closeUntil(slow));
        // From now on everything is read, for the sake of the client's close frame. Not from within its decoding.
        loop.eventLoop.execute(this::readOn);
    }

    @Override
    void onTime(int now) {
        if (!isOpen()) {
            Hangup.now(channel);
            return;
        }
        if (isPaused()) {
            // Nothing is read, so nothing can be said about the client.
            seen = now;
            messageSince = messageSince == 0 ? 0 : now;
        }
        if (now - loop.keepAlive.silentUntil(seen) >= 0) {
            fail(new CloseException(CloseReason.NO_PONG));
        } else if (messageSince != 0 && now - loop.keepAlive.messageUntil(messageSince) >= 0) {
            fail(new CloseException(SLOW_MESSAGE));
        } else {
            if (now - pingAt >= 0) {
                outbox.urgent(WebSocketFraming.PING.duplicate());
                pingAt = loop.keepAlive.nextPing();
            }
            scheduleCheck();
        }
    }

    private void scheduleCheck() {
        int due = Math.min(pingAt, loop.keepAlive.silentUntil(seen));
        if (messageSince != 0) {
            due = Math.min(due, loop.keepAlive.messageUntil(messageSince));
        }
        loop.wheel.schedule(this, due);
    }

    @Override
    public Framing framing() {
        return WebSocketFraming.INSTANCE;
    }

    /** How a connection is lost that nobody closed. Where in our code it was noticed is of no interest. */
    private static final class ConnectionLostException extends IOException {

        private static final long serialVersionUID = 1L;

        ConnectionLostException() {
            super("the client went away without a close frame");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}

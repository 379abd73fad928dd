package dev.muster.node.transport;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Framing;
import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.Route;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.transport.TransportMetrics.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket after its upgrade: the only handler of its channel, and the connection that everything above sees.
 *
 * <p>It goes from open to closing (our close frame is out, the client's is awaited) to closed, or there at once. For
 * everything above it is gone with the first of these steps.
 */
final class WebSocketConnection extends ChannelConnection implements FrameDecoder.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

    private static final String TRANSPORT = "websocket";
    private static final int NO_CLOSE_FRAME = 1006;
    private static final CloseReason SLOW_MESSAGE = CloseReason.SLOW.saying("slow: the message took too long");

    /** Reading stands still until {@code onConnect} is done, or while the handler asked for it. */
    private static final int CONNECTING = 1;

    private static final int HANDLER = 2;

    private enum Phase {
        OPEN,
        CLOSING,
        CLOSED
    }

    private final SocketHandler handler;
    private final FrameDecoder decoder;

    private volatile Phase phase = Phase.OPEN;
    private int paused = CONNECTING;
    private boolean connectCalled;
    private boolean broken;
    private @Nullable ByteBuf unread;

    private int seen;
    private int pingAt;
    /** The tick in which the message at hand began; 0 for none. */
    private int messageSince;

    WebSocketConnection(TransportLoop loop, Channel channel, Identity identity, Handshake handshake, Route route) {
        super(loop, channel, new Wire(TRANSPORT, route.protocol()), identity, handshake);
        SocketLimits limits = loop.scope.options().limits();
        this.handler = route.handler();
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
        TransportScope scope = loop.scope;
        seen = loop.wheel.now();
        pingAt = loop.keepAlive.firstPing();
        scheduleCheck();
        unread = early;
        traffic.countOpened();
        scope.log().connected(TRANSPORT, id());
        Callbacks.opened(scope.listener(), this)
                .compose(registered -> connect())
                .onComplete(done -> onLoop(() -> connected(done.cause())));
        if (paused != 0) {
            channel.config().setAutoRead(false);
        }
    }

    private Future<Void> connect() {
        if (phase != Phase.OPEN) {
            return Future.succeededFuture();
        }
        if (!loop.eventLoop.inEventLoop()) {
            Promise<Void> later = Promise.promise();
            loop.eventLoop.execute(() -> connect().onComplete(later));
            return later.future();
        }
        connectCalled = true;
        return Callbacks.connect(handler, this);
    }

    private void connected(@Nullable Throwable failure) {
        if (phase != Phase.OPEN) {
            return;
        }
        if (failure == null) {
            unpause(CONNECTING);
        } else {
            fail(Callbacks.closing(this, failure));
        }
    }

    // ---- what the channel says

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        if (!(read instanceof ByteBuf in)) {
            ReferenceCountUtil.release(read);
            return;
        }
        seen = loop.wheel.now();
        if (broken || phase == Phase.CLOSED) {
            in.release();
        } else if (unread != null || paused != 0) {
            unread = Unread.joined(channel, unread, in);
        } else {
            consume(in);
        }
    }

    private void consume(ByteBuf in) {
        try {
            decoder.decode(in, this);
        } catch (CloseException violation) {
            violated(violation);
        }
        if (in.isReadable() && !broken && phase != Phase.CLOSED) {
            unread = in;
        } else {
            in.release();
        }
        if (!decoder.isMidMessage()) {
            messageSince = 0;
        } else if (messageSince == 0 && phase == Phase.OPEN) {
            messageSince = loop.wheel.now();
            scheduleCheck();
        }
    }

    private void violated(CloseException violation) {
        broken = true;
        if (phase == Phase.OPEN) {
            // The rest cannot be read as frames, the client's close frame included: our side is closed for good, and
            // the client's bytes are taken and dropped until it notices. Cutting the socket at once would make the
            // system throw away our close frame together with what was not read.
            end(violation.reason().code(), violation, Phase.CLOSING);
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
        end(NO_CLOSE_FRAME, new ConnectionLostException(), Phase.CLOSED);
        phase = Phase.CLOSED;
        loop.wheel.cancel(this);
        outbox.discard();
        dropUnread();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("A connection broke unexpectedly and is closed: id={}", id(), cause);
        }
        end(NO_CLOSE_FRAME, cause, Phase.CLOSED);
        Hangup.now(channel);
    }

    // ---- what the decoder says

    @Override
    public void message(boolean text, byte[] payload, int length) {
        messageSince = 0;
        if (phase != Phase.OPEN) {
            return;
        }
        traffic.countReceived(length);
        Buffer buffer = BufferInternal.buffer(Unpooled.wrappedBuffer(payload, 0, length));
        Message message = new Message(text, buffer);
        if (!mayPass(handler, message)) {
            return;
        }
        CloseException closing = Callbacks.message(handler, this, message, traffic);
        if (closing != null) {
            fail(closing);
        }
    }

    @Override
    public void ping(byte[] payload) {
        if (phase == Phase.OPEN && mayPassControl()) {
            outbox.urgent(WebSocketFraming.pong(payload));
        }
    }

    @Override
    public void closeFrame(int code, String reason) {
        if (phase == Phase.OPEN) {
            end(code, null, Phase.CLOSED);
            ByteBuf answer = code == FrameDecoder.NO_CODE
                    ? WebSocketFraming.bareClose()
                    : WebSocketFraming.close(new CloseReason(code, ""));
            outbox.finishNow(answer, ChannelFutureListener.CLOSE);
            loop.wheel.schedule(this, loop.keepAlive.closeUntil(false));
        } else {
            phase = Phase.CLOSED;
            Hangup.now(channel);
        }
    }

    @Override
    public boolean paused() {
        return paused != 0 || phase == Phase.CLOSED;
    }

    // ---- closing and time

    @Override
    public void close(CloseReason reason) {
        onLoop(() -> close(reason, null));
    }

    private void fail(CloseException cause) {
        close(cause.reason(), cause);
    }

    @Override
    public void overflow() {
        fail(new CloseException(CloseReason.SLOW));
    }

    private void close(CloseReason reason, @Nullable CloseException cause) {
        if (phase != Phase.OPEN) {
            return;
        }
        end(reason.code(), cause, Phase.CLOSING);
        boolean slow = reason.code() == CloseReason.SLOW.code();
        if (slow) {
            outbox.finishNow(WebSocketFraming.close(reason), written -> {});
        } else {
            outbox.finish(WebSocketFraming.close(reason));
        }
        decoder.discardMessages();
        loop.wheel.schedule(this, loop.keepAlive.closeUntil(slow));
        // From now on everything is read, for the sake of the client's close frame. Not from within its decoding.
        loop.eventLoop.execute(() -> unpause(CONNECTING | HANDLER));
    }

    /**
     * The end for everything above, whatever the socket still does. The callbacks come later in this tick: whoever
     * offered the frame that was one too many may be in the middle of a room's members.
     */
    private void end(int code, @Nullable Throwable cause, Phase next) {
        if (phase != Phase.OPEN) {
            return;
        }
        phase = next;
        closeCode = code;
        TransportScope scope = loop.scope;
        traffic.countClosed(ending(code, next));
        scope.log().disconnected(TRANSPORT, id(), code);
        loop.eventLoop.execute(() -> {
            if (connectCalled) {
                Callbacks.disconnect(handler, this, cause);
            }
            Callbacks.closed(scope.listener(), this);
        });
    }

    /** Where we close, the client's close frame is awaited; after its own there is nothing to wait for. */
    private static Ending ending(int code, Phase next) {
        if (code == NO_CLOSE_FRAME) {
            return Ending.lost();
        }
        return next == Phase.CLOSING ? Ending.byServer(code) : Ending.byClient(code);
    }

    @Override
    void onTime(int now) {
        if (phase != Phase.OPEN) {
            Hangup.now(channel);
            return;
        }
        if (paused != 0) {
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

    private void unpause(int why) {
        if (phase == Phase.CLOSED || paused == 0) {
            return;
        }
        paused &= ~why;
        if (paused != 0) {
            return;
        }
        ByteBuf in = unread;
        if (in != null) {
            unread = null;
            consume(in);
        }
        if (paused == 0) {
            channel.config().setAutoRead(true);
        }
    }

    private void dropUnread() {
        ByteBuf in = unread;
        if (in != null) {
            unread = null;
            in.release();
        }
    }

    @Override
    public void inform(Notice notice) {
        onLoop(() -> {
            if (phase == Phase.OPEN && connectCalled) {
                Callbacks.notice(handler, this, notice);
            }
        });
    }

    @Override
    public boolean isOpen() {
        return phase == Phase.OPEN;
    }

    @Override
    public void pause() {
        paused |= HANDLER;
        channel.config().setAutoRead(false);
    }

    @Override
    public void resume() {
        if (phase == Phase.OPEN) {
            unpause(HANDLER);
        }
    }

    @Override
    public String transport() {
        return TRANSPORT;
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

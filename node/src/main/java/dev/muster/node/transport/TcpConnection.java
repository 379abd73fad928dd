package dev.muster.node.transport;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Entrance;
import dev.muster.node.connection.Framing;
import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Message;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.SocketHandler;
import dev.muster.node.connection.StreamRoute;
import dev.muster.node.transport.TransportMetrics.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One raw socket: the only handler of its channel. What the client sends is handed on in the pieces in which it comes.
 *
 * <p>It waits until its {@link Entrance} lets it in, is open, is closing (our direction is ended, the client's end is
 * awaited) and closed. For everything above it exists while it is open.
 */
final class TcpConnection extends ChannelConnection {

    private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);

    static final String TRANSPORT = "tcp";

    /** For a client that has to say who it is. */
    static final Duration LOGIN_TIME = Duration.ofSeconds(5);

    /** A connection that waits for nothing is looked at all the same: who closes all finds them by their timers. */
    private static final Duration SELDOM = Duration.ofHours(1);

    /** As for a WebSocket without a close frame. */
    private static final int LOST = 1006;

    /** Reading stands still until {@code onConnect} is done, or while the handler asked for it. */
    private static final int CONNECTING = 1;

    private static final int HANDLER = 2;

    private enum Phase {
        WAITING,
        OPEN,
        CLOSING,
        CLOSED
    }

    private final SocketHandler handler;
    private final Framing framing;
    private final Entrance entrance;
    private final int idle;

    private volatile Phase phase = Phase.WAITING;
    private int paused = CONNECTING;
    private boolean deciding;
    private boolean connectCalled;
    private boolean ending;
    private @Nullable ByteBuf unread;
    private int seen;

    /**
     * @param idle after so long without a byte it is closed; zero for never
     */
    TcpConnection(TransportLoop loop, Channel channel, String address, StreamRoute stream, Duration idle) {
        super(
                loop,
                channel,
                new Wire(TRANSPORT, stream.route().protocol()),
                Identity.ANONYMOUS,
                new Handshake("", Map.of(), Map.of(), null, address));
        this.handler = stream.route().handler();
        this.framing = stream.framing();
        this.entrance = stream.entrance();
        this.idle = idle.isZero() ? 0 : loop.wheel.ticks(idle);
    }

    // ---- coming in

    @Override
    public void channelActive(ChannelHandlerContext context) {
        seen = loop.wheel.now();
        if (entrance.isOpen()) {
            begin();
        } else {
            loop.wheel.schedule(this, seen + loop.wheel.ticks(LOGIN_TIME));
        }
    }

    private void knock() {
        ByteBuf first = unread;
        if (first == null || deciding) {
            return;
        }
        try {
            Future<?> decision = entrance.knock(this, first);
            if (decision != null) {
                deciding = true;
                // What the client sends meanwhile stays in the system's buffers.
                channel.config().setAutoRead(false);
                decision.onComplete((in, failure) -> onLoop(() -> decided(failure)));
            }
        } catch (CloseException refused) {
            refuse(refused.reason());
        }
    }

    private void decided(@Nullable Throwable failure) {
        if (phase != Phase.WAITING) {
            return;
        }
        if (failure == null) {
            begin();
        } else {
            refuse(failure instanceof CloseException closing ? closing.reason() : CloseReason.UNAUTHORIZED);
        }
    }

    /** Nobody has heard of it, so nobody is told. */
    private void refuse(CloseReason reason) {
        phase = Phase.CLOSING;
        loop.scope.metrics().refused(401, reason.text());
        leave();
    }

    private void begin() {
        phase = Phase.OPEN;
        schedule();
        TransportScope scope = loop.scope;
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
        if (!(read instanceof ByteBuf in) || phase == Phase.CLOSING || phase == Phase.CLOSED) {
            ReferenceCountUtil.release(read);
            return;
        }
        seen = loop.wheel.now();
        if (phase == Phase.WAITING || paused != 0) {
            unread = Unread.joined(channel, unread, in);
            if (phase == Phase.WAITING) {
                knock();
            }
        } else {
            deliver(in);
        }
    }

    private void deliver(ByteBuf in) {
        byte[] piece;
        try {
            piece = ByteBufUtil.getBytes(in);
        } finally {
            in.release();
        }
        traffic.countReceived(piece.length);
        Message message = new Message(false, BufferInternal.buffer(Unpooled.wrappedBuffer(piece)));
        if (!mayPass(handler, message)) {
            return;
        }
        CloseException closing = Callbacks.message(handler, this, message, traffic);
        if (closing != null) {
            fail(closing);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        outbox.writabilityChanged();
        if (phase == Phase.CLOSING) {
            endOurSide();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // The end of its stream is all a client can say when it goes.
        end(Ending.byClient(CloseReason.NORMAL.code()), CloseReason.NORMAL.code(), null, Phase.CLOSED);
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
        end(Ending.lost(), LOST, cause, Phase.CLOSED);
        phase = Phase.CLOSED;
        Hangup.now(channel);
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
        if (phase == Phase.WAITING) {
            refuse(reason);
        } else if (phase == Phase.OPEN) {
            end(Ending.byServer(reason.code()), reason.code(), cause, Phase.CLOSING);
            if (reason.code() == CloseReason.SLOW.code()) {
                loop.wheel.schedule(this, loop.keepAlive.closeUntil(true));
                outbox.finishNow(Unpooled.EMPTY_BUFFER, written -> Hangup.ourSide(channel));
                readOn();
            } else {
                leave();
            }
        }
    }

    /** Ends our direction behind what was sent before, and waits a while for the client to end its own. */
    private void leave() {
        dropUnread();
        loop.wheel.schedule(this, loop.keepAlive.closeUntil(false));
        outbox.finish(Unpooled.EMPTY_BUFFER);
        endOurSide();
        readOn();
    }

    private void endOurSide() {
        if (!ending && outbox.pendingMessages() == 0) {
            ending = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener((ChannelFutureListener) written -> Hangup.ourSide(channel));
        }
    }

    /** What still comes is dropped, so that the client's end is noticed. Not from within a read. */
    private void readOn() {
        loop.eventLoop.execute(() -> {
            dropUnread();
            channel.config().setAutoRead(true);
        });
    }

    /**
     * The end for everything above. The callbacks come later in this tick: whoever offered the frame that was one too
     * many may be in the middle of a room's members.
     */
    private void end(Ending how, int code, @Nullable Throwable cause, Phase next) {
        if (phase != Phase.OPEN) {
            return;
        }
        phase = next;
        TransportScope scope = loop.scope;
        traffic.countClosed(how);
        scope.log().disconnected(TRANSPORT, id(), code);
        loop.eventLoop.execute(() -> {
            if (connectCalled) {
                Callbacks.disconnect(handler, this, cause);
            }
            Callbacks.closed(scope.listener(), this);
        });
    }

    @Override
    void onTime(int now) {
        switch (phase) {
            case WAITING -> refuse(CloseReason.STALE_NO_AUTH);
            case OPEN -> {
                if (paused != 0) {
                    // Nothing is read, so nothing can be said about the client.
                    seen = now;
                }
                if (idle != 0 && now - seen >= idle) {
                    fail(new CloseException(CloseReason.NO_PONG));
                } else {
                    schedule();
                }
            }
            default -> Hangup.now(channel);
        }
    }

    private void schedule() {
        loop.wheel.schedule(this, idle == 0 ? loop.wheel.now() + loop.wheel.ticks(SELDOM) : seen + idle);
    }

    private void unpause(int why) {
        paused &= ~why;
        if (paused != 0) {
            return;
        }
        ByteBuf in = unread;
        if (in != null) {
            unread = null;
            if (in.isReadable()) {
                deliver(in);
            } else {
                in.release();
            }
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
        if (phase == Phase.OPEN) {
            paused |= HANDLER;
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void resume() {
        if (phase == Phase.OPEN && paused != 0) {
            unpause(HANDLER);
        }
    }

    @Override
    public String transport() {
        return TRANSPORT;
    }

    @Override
    public Framing framing() {
        return framing;
    }
}

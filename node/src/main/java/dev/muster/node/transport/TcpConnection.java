package dev.muster.node.transport;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Entrance;
import dev.muster.node.connection.Framing;
import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.StreamRoute;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One raw socket: the only handler of its channel. What the client sends is handed on in the pieces in which it comes.
 *
 * <p>It waits until its {@link Entrance} lets it in, is open, is closing (our direction is ended, the client's end is
 * awaited) and closed. For everything above it exists while it is open.
 */
final class TcpConnection extends ServedConnection {

    static final String TRANSPORT = "tcp";

    /** For a client that has to say who it is. */
    static final Duration LOGIN_TIME = Duration.ofSeconds(5);

    /** A connection that waits for nothing is looked at all the same: who closes all finds them by their timers. */
    private static final Duration SELDOM = Duration.ofHours(1);

    private final Framing framing;
    private final Entrance entrance;
    private final int idle;

    private boolean deciding;
    private boolean ending;

    /**
     * @param idle after so long without a byte it is closed; zero for never
     */
    TcpConnection(TransportLoop loop, Channel channel, String address, StreamRoute stream, Duration idle) {
        super(
                loop,
                channel,
                TRANSPORT,
                stream.route(),
                Identity.ANONYMOUS,
                new Handshake("", Map.of(), Map.of(), null, address),
                Phase.WAITING);
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
        if (phase() != Phase.WAITING) {
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
        go(Phase.CLOSING);
        loop.scope.metrics().refused(401, reason.text());
        leave();
    }

    private void begin() {
        schedule();
        open();
    }

    // ---- what the channel says

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        Phase now = phase();
        if (!(read instanceof ByteBuf in) || now == Phase.CLOSING || now == Phase.CLOSED) {
            ReferenceCountUtil.release(read);
            return;
        }
        seen = loop.wheel.now();
        if (now == Phase.WAITING) {
            keep(in);
            knock();
        } else if (isPaused()) {
            keep(in);
        } else {
            take(in);
        }
    }

    @Override
    void take(ByteBuf in) {
        byte[] piece;
        try {
            piece = ByteBufUtil.getBytes(in);
        } finally {
            in.release();
        }
        if (piece.length > 0) {
            deliver(false, piece, piece.length);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        outbox.writabilityChanged();
        if (phase() == Phase.CLOSING) {
            endOurSide();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // The end of its stream is all a client can say when it goes.
        end(Ending.byClient(CloseReason.NORMAL.code()), CloseReason.NORMAL.code(), null, Phase.CLOSED);
        over();
    }

    // ---- closing and time

    @Override
    void close(CloseReason reason, @Nullable CloseException cause) {
        if (phase() == Phase.WAITING) {
            refuse(reason);
        } else if (isOpen()) {
            end(Ending.byServer(reason.code()), reason.code(), cause, Phase.CLOSING);
            if (reason.code() == CloseReason.SLOW.code()) {
                loop.wheel.schedule(this, loop.keepAlive.closeUntil(true));
                outbox.finishNow(Unpooled.EMPTY_BUFFER, written -> Hangup.ourSide(channel));
                dropTheRest();
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
        dropTheRest();
    }

    private void endOurSide() {
        if (!ending && outbox.pendingMessages() == 0) {
            ending = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener((ChannelFutureListener) written -> Hangup.ourSide(channel));
        }
    }

    /** What still comes is dropped, so that the client's end is noticed. Not from within a read. */
    private void dropTheRest() {
        loop.eventLoop.execute(() -> {
            dropUnread();
            channel.config().setAutoRead(true);
        });
    }

    @Override
    void onTime(int now) {
        switch (phase()) {
            case WAITING -> refuse(CloseReason.STALE_NO_AUTH);
            case OPEN -> {
                if (isPaused()) {
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

    @Override
    public Framing framing() {
        return framing;
    }
}

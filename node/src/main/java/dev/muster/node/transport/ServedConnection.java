package dev.muster.node.transport;

import dev.muster.node.connection.CloseException;
import dev.muster.node.connection.CloseReason;
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
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection's life, which is the same on every wire: it is opened, served by its handler, and ended once. How the
 * client's bytes are read and how an end is said is for each wire. For everything above it exists while it is open.
 */
abstract class ServedConnection extends ChannelConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ServedConnection.class);

    /** RFC 6455 §7.1.5, and here for raw sockets too: it ended without a word. */
    static final int LOST = 1006;

    /** Reading stands still until {@code onConnect} is done, or while the handler asked for it. */
    private static final int CONNECTING = 1;

    private static final int HANDLER = 2;

    /** How far it has come. */
    enum Phase {
        /** Nobody knows yet whether the client may come in. */
        WAITING,
        OPEN,
        /** We have said the end, and the client's is awaited. */
        CLOSING,
        CLOSED
    }

    private final String transport;
    private final SocketHandler handler;
    private volatile Phase phase;
    private int paused = CONNECTING;
    private boolean connectCalled;
    /** What came while reading stood still. */
    @Nullable
    ByteBuf unread;
    /** The tick in which the client was heard last. */
    int seen;

    ServedConnection(
            TransportLoop loop,
            Channel channel,
            String transport,
            Route route,
            Identity identity,
            Handshake handshake,
            Phase first) {
        super(loop, channel, new Wire(transport, route.protocol()), identity, handshake);
        this.transport = transport;
        this.handler = route.handler();
        this.phase = first;
    }

    // ---- for each wire

    /** Takes the client's next bytes; one reference is taken over. */
    abstract void take(ByteBuf in);

    /**
     * Says the end to the client, if it has not been said.
     *
     * @param cause for the handler; null if somebody asked for it
     */
    abstract void close(CloseReason reason, @Nullable CloseException cause);

    // ---- coming in

    /** It exists: everything above is told. */
    final void open() {
        phase = Phase.OPEN;
        TransportScope scope = loop.scope;
        traffic.countOpened();
        scope.log().connected(transport, id());
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

    // ---- messages

    /** Hands a message to the handler, unless it is too many. */
    final void deliver(boolean text, byte[] payload, int length) {
        traffic.countReceived(length);
        Message message = new Message(text, BufferInternal.buffer(Unpooled.wrappedBuffer(payload, 0, length)));
        if (!mayPass(handler, message)) {
            return;
        }
        CloseException closing = Callbacks.message(handler, this, message, traffic);
        if (closing != null) {
            fail(closing);
        }
    }

    /** Keeps bytes until reading goes on; one reference is taken over. */
    final void keep(ByteBuf in) {
        unread = Unread.joined(channel, unread, in);
    }

    final void dropUnread() {
        ByteBuf in = unread;
        if (in != null) {
            unread = null;
            in.release();
        }
    }

    // ---- the end

    @Override
    public final void close(CloseReason reason) {
        onLoop(() -> close(reason, null));
    }

    final void fail(CloseException cause) {
        close(cause.reason(), cause);
    }

    @Override
    public final void overflow() {
        fail(new CloseException(CloseReason.SLOW));
    }

    /**
     * The end for everything above, whatever the socket still does. The callbacks come later in this tick: whoever
     * offered the frame that was one too many may be in the middle of a room's members.
     */
    final void end(Ending how, int code, @Nullable Throwable cause, Phase next) {
        if (phase != Phase.OPEN) {
            return;
        }
        phase = next;
        closeCode = code;
        TransportScope scope = loop.scope;
        traffic.countClosed(how);
        scope.log().disconnected(transport, id(), code);
        loop.eventLoop.execute(() -> {
            if (connectCalled) {
                Callbacks.disconnect(handler, this, cause);
            }
            Callbacks.closed(scope.listener(), this);
        });
    }

    /** The channel is closed: nothing of the connection is kept. */
    final void over() {
        phase = Phase.CLOSED;
        loop.wheel.cancel(this);
        outbox.discard();
        dropUnread();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("A connection broke unexpectedly and is closed: id={}", id(), cause);
        }
        end(Ending.lost(), LOST, cause, Phase.CLOSED);
        phase = Phase.CLOSED;
        Hangup.now(channel);
    }

    // ---- state

    final Phase phase() {
        return phase;
    }

    final void go(Phase next) {
        phase = next;
    }

    @Override
    public final boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Whether reading stands still. */
    final boolean isPaused() {
        return paused != 0;
    }

    @Override
    public final void pause() {
        if (phase == Phase.OPEN) {
            paused |= HANDLER;
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public final void resume() {
        if (phase == Phase.OPEN) {
            unpause(HANDLER);
        }
    }

    /** Reads again, whoever wanted it to stand still. */
    final void readOn() {
        unpause(CONNECTING | HANDLER);
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
            take(in);
        }
        if (paused == 0) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public final void inform(Notice notice) {
        onLoop(() -> {
            if (phase == Phase.OPEN && connectCalled) {
                Callbacks.notice(handler, this, notice);
            }
        });
    }

    @Override
    public final String transport() {
        return transport;
    }
}

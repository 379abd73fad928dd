package dev.muster.node.transport;

import dev.muster.node.connection.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * First in the pipeline of every accepted socket, in front of the HTTP server's handlers. It reads each request's head;
 * a plain request goes on to the HTTP server byte for byte, and a granted upgrade makes the whole HTTP part disappear.
 * So the request, its headers and the HTTP server's queues are never made for a WebSocket, nothing of them can stay
 * behind, and what a client sends right behind its request is still here.
 */
final class Doorman extends TimedHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Doorman.class);

    private enum Stage {
        /** Between requests, or in the middle of a head. */
        HEAD,
        /** In the body of a plain request. */
        BODY,
        /** An upgrade is being decided. */
        UPGRADE,
        /** A chunked body: the HTTP server finds its end, and the connection ends with it. */
        THROUGH,
        /** Refused: what comes is dropped until the client notices. */
        REFUSED
    }

    private final TransportLoop loop;
    private final Upgrade upgrade;
    private final HttpLimits limits;

    private Stage stage = Stage.HEAD;
    private @Nullable ByteBuf unread;
    /** How far {@link #unread} is known to hold no end of a head. */
    private int scanned;

    private long bodyLeft;
    private final Responses responses = new Responses(this::leave);
    private @Nullable ChannelHandlerContext context;

    Doorman(TransportLoop loop, Upgrade upgrade) {
        this.loop = loop;
        this.upgrade = upgrade;
        this.limits = loop.scope.options().http();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        await(limits.headerTimeout());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        loop.wheel.cancel(this);
        dropUnread();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stage = Stage.REFUSED;
        loop.wheel.cancel(this);
        dropUnread();
        context.fireChannelInactive();
    }

    @Override
    void onTime(int now) {
        if (stage == Stage.HEAD && unread == null && responses.pending() > 0) {
            // The client has done its part and waits for us.
            await(limits.idleTimeout());
        } else if (context != null) {
            cut(context);
        }
    }

    private void await(Duration time) {
        loop.wheel.schedule(this, loop.wheel.now() + 1 + loop.wheel.ticks(time));
    }

    // ---- reading

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        if (!(read instanceof ByteBuf in) || stage == Stage.REFUSED) {
            ReferenceCountUtil.release(read);
        } else if (stage == Stage.THROUGH) {
            through(context, in);
        } else {
            unread = Unread.joined(context.channel(), unread, in);
            if (stage != Stage.UPGRADE) {
                serve(context);
            }
        }
    }

    private void serve(ChannelHandlerContext context) {
        ByteBuf in = unread;
        while (in != null && in.isReadable() && serveNext(context, in)) {
            in = unread;
        }
        if (unread != null && !unread.isReadable()) {
            dropUnread();
        }
    }

    /** Returns whether there may be more to do with what is here. */
    private boolean serveNext(ChannelHandlerContext context, ByteBuf in) {
        if (stage == Stage.BODY) {
            int here = (int) Math.min(bodyLeft, in.readableBytes());
            bodyLeft -= here;
            if (bodyLeft == 0) {
                stage = Stage.HEAD;
            }
            await(limits.idleTimeout());
            context.fireChannelRead(in.readRetainedSlice(here));
            return true;
        }
        if (stage == Stage.THROUGH) {
            through(context, in.readRetainedSlice(in.readableBytes()));
            return false;
        }
        return stage == Stage.HEAD && head(context, in);
    }

    private boolean head(ChannelHandlerContext context, ByteBuf in) {
        try {
            int length = HeadScanner.length(in, scanned, limits);
            if (length < 0) {
                if (scanned == 0) {
                    await(limits.headerTimeout());
                }
                scanned = in.readableBytes();
                return false;
            }
            scanned = 0;
            RequestHead head = new RequestHead(ByteBufUtil.getBytes(in, in.readerIndex(), length));
            if (head.target().length() > limits.maxUriBytes()) {
                throw new RequestHead.Malformed(414, "the target has at most " + limits.maxUriBytes() + " bytes");
            }
            if (head.asksForWebSocket() && responses.pending() == 0) {
                in.skipBytes(length);
                decide(context, head);
                return false;
            }
            return plain(context, head, in.readRetainedSlice(length));
        } catch (RequestHead.Malformed malformed) {
            refuse(context, "", "", "malformed", new Refusal(malformed.status, malformed.allowed()), "");
            return false;
        }
    }

    // ---- plain requests

    private boolean plain(ChannelHandlerContext context, RequestHead head, ByteBuf bytes) {
        if (head.contentLength() > limits.maxBodyBytes()) {
            bytes.release();
            Refusal refusal = new Refusal(413, "a body has at most " + limits.maxBodyBytes() + " bytes");
            refuse(context, head.method(), head.path(), "body", refusal, "");
            return false;
        }
        if (!responses.isInstalled()) {
            context.pipeline().addBefore("handler", "responses", responses);
        }
        responses.expect(head.isChunked());
        bodyLeft = head.contentLength();
        stage = head.isChunked() ? Stage.THROUGH : bodyLeft > 0 ? Stage.BODY : Stage.HEAD;
        if (stage == Stage.THROUGH) {
            bodyLeft = 2L * limits.maxBodyBytes() + limits.maxHeaderBytes();
        }
        await(limits.idleTimeout());
        context.fireChannelRead(bytes);
        return true;
    }

    private void through(ChannelHandlerContext context, ByteBuf in) {
        bodyLeft -= in.readableBytes();
        if (bodyLeft >= 0) {
            await(limits.idleTimeout());
            context.fireChannelRead(in);
            return;
        }
        in.release();
        if (responses.isUnanswered()) {
            refuse(context, "", "", "body", new Refusal(413, "the body is too long"), "");
        } else if (responses.pending() > 0) {
            cut(context);
        }
        // Else it is answered already, and the end comes when the answer is written.
    }

    // ---- upgrades

    private void decide(ChannelHandlerContext context, RequestHead head) {
        stage = Stage.UPGRADE;
        await(limits.headerTimeout());
        InetSocketAddress peer = (InetSocketAddress) context.channel().remoteAddress();
        Future<Upgrade.Admission> decision = upgrade.admit(head, peer);
        if (decision.isComplete()) {
            decided(context, head, decision);
        } else {
            // What the client sends meanwhile stays in the system's buffers.
            context.channel().config().setAutoRead(false);
            decision.onComplete(done -> context.executor().execute(() -> decided(context, head, decision)));
        }
    }

    private void decided(ChannelHandlerContext context, RequestHead head, Future<Upgrade.Admission> decision) {
        if (stage != Stage.UPGRADE || !context.channel().isActive()) {
            return;
        }
        if (!context.channel().config().isAutoRead()) {
            // Before anything else: the connection that takes over decides for itself when to read.
            context.channel().config().setAutoRead(true);
        }
        if (decision.succeeded()) {
            grant(context, decision.result());
        } else if (decision.cause() instanceof Rejection rejection) {
            refuse(context, head.method(), head.path(), rejection.word(), rejection.refusal(), rejection.header());
        } else {
            LOG.error("An upgrade could not be decided and is cut", decision.cause());
            cut(context);
        }
    }

    private void grant(ChannelHandlerContext context, Upgrade.Admission admission) {
        loop.wheel.cancel(this);
        ByteBuf early = unread;
        unread = null;
        ChannelPipeline pipeline = context.pipeline();
        while (pipeline.last() != this) {
            pipeline.removeLast();
        }
        WebSocketConnection connection = new WebSocketConnection(
                loop, context.channel(), admission.identity(), admission.handshake(), admission.route());
        pipeline.replace(this, "websocket", connection);
        connection.outbox.open(HttpAnswers.switching(context.alloc(), admission.accept()));
        if (early != null && !early.isReadable()) {
            early.release();
            early = null;
        }
        connection.start(early);
    }

    private void refuse(
            ChannelHandlerContext context, String method, String path, String word, Refusal refusal, String header) {
        stage = Stage.REFUSED;
        dropUnread();
        loop.scope.metrics().refused(refusal.status(), word);
        LOG.debug("A request is refused: status={} reason={} path={}", refusal.status(), word, path);
        if (responses.pending() > 1 || (responses.pending() == 1 && !responses.isUnanswered())) {
            // Another answer is still due or under way, this one would be taken for it.
            cut(context);
            return;
        }
        context.writeAndFlush(HttpAnswers.error(context.alloc(), method, path, refusal, header))
                .addListener(written -> leave());
    }

    /** The last answer is written. What still comes is dropped until the client closes too, or has had its time. */
    private void leave() {
        stage = Stage.REFUSED;
        dropUnread();
        ChannelHandlerContext mine = context;
        if (mine != null && mine.channel().isActive()) {
            await(loop.scope.options().timeouts().close());
            mine.channel().config().setAutoRead(true);
            Hangup.ourSide(mine.channel());
        }
    }

    /** From here, so that the HTTP server's handlers have no say in it. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void cut(ChannelHandlerContext context) {
        context.close();
    }

    private void dropUnread() {
        ByteBuf in = unread;
        if (in != null) {
            unread = null;
            in.release();
        }
    }
}

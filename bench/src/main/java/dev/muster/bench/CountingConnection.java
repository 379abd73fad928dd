package dev.muster.bench;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Framing;
import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Notice;
import dev.muster.node.transport.WebSocketFraming;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection without a socket: it counts the frames it is offered, and lets them go. */
final class CountingConnection implements Connection {

    private final String id;
    private final EventLoop loop;
    private final Handshake handshake;
    private @Nullable Object attachment;
    long frames;
    long bytes;

    CountingConnection(String id, EventLoop loop) {
        this.id = id;
        this.loop = loop;
        this.handshake = new Handshake("/", Map.of(), Map.of(), null, "127.0.0.1");
    }

    @Override
    public void offer(ByteBuf frame) {
        frames++;
        bytes += frame.readableBytes();
        frame.release();
    }

    @Override
    public void sendText(String text) {
        bytes += text.length();
    }

    @Override
    public void sendBinary(Buffer binary) {
        bytes += binary.length();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String transport() {
        return "websocket";
    }

    @Override
    public Identity identity() {
        return new Identity("u" + id, "Member " + id, null, Set.of(), true);
    }

    @Override
    public void identify(Identity identity) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void inform(Notice notice) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Handshake handshake() {
        return handshake;
    }

    @Override
    public Instant connectedAt() {
        return Instant.EPOCH;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public Framing framing() {
        return WebSocketFraming.INSTANCE;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public void close(CloseReason reason) {
        throw new AssertionError("nobody is closed, but this one with " + reason);
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attach(@Nullable Object attachment) {
        this.attachment = attachment;
    }
}

package dev.muster.node.room;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.node.connection.Framing;
import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Identity;
import dev.muster.node.connection.Notice;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A connection that writes down what it is given. */
final class FakeConnection implements Connection {

    final List<String> got = new ArrayList<>();
    private final String id;
    private final TestLoop loop;
    private final TrackedFraming framing;
    boolean open = true;
    boolean broken;

    FakeConnection(String id, TestLoop loop, TrackedFraming framing) {
        this.id = id;
        this.loop = loop;
        this.framing = framing;
    }

    @Override
    public void offer(ByteBuf frame) {
        try {
            if (broken) {
                throw new IllegalStateException("broken for the test");
            }
            if (open) {
                got.add(frame.toString(StandardCharsets.UTF_8));
            }
        } finally {
            frame.release();
        }
    }

    @Override
    public void sendText(String text) {
        if (open) {
            got.add(text);
        }
    }

    @Override
    public void sendBinary(Buffer bytes) {
        sendText(bytes.toString());
    }

    @Override
    public void close(CloseReason reason) {
        open = false;
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
        return Identity.ANONYMOUS;
    }

    @Override
    public void identify(Identity identity) {
        throw new UnsupportedOperationException("always anonymous");
    }

    @Override
    public void inform(Notice notice) {
        sendText(notice.toString());
    }

    @Override
    public Handshake handshake() {
        return new Handshake("/", Map.of(), Map.of(), null, "127.0.0.1");
    }

    @Override
    public Instant connectedAt() {
        return Instant.EPOCH;
    }

    @Override
    public EventLoop loop() {
        return loop.asEventLoop();
    }

    @Override
    public Framing framing() {
        return framing;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public Object attachment() {
        return null;
    }

    @Override
    public void attach(Object attachment) {}
}

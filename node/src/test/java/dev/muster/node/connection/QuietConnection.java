package dev.muster.node.connection;

import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;

/** What a test does not ask a connection about: somebody anonymous on a WebSocket. */
public abstract class QuietConnection implements Connection {

    private final String id;

    protected QuietConnection(String id) {
        this.id = id;
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
    public Handshake handshake() {
        return new Handshake("/", Map.of(), Map.of(), null, "127.0.0.1");
    }

    @Override
    public Instant connectedAt() {
        return Instant.EPOCH;
    }

    @Override
    public EventLoop loop() {
        throw new UnsupportedOperationException("is asked for no loop");
    }

    @Override
    public Framing framing() {
        throw new UnsupportedOperationException("is asked for no framing");
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close(CloseReason reason) {}

    @Override
    public void inform(Notice notice) {}

    @Override
    public void sendText(String text) {}

    @Override
    public void sendBinary(Buffer bytes) {
        sendText(bytes.toString());
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

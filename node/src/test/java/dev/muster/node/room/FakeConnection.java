package dev.muster.node.room;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Framing;
import dev.muster.node.connection.Notice;
import dev.muster.node.connection.QuietConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A connection that writes down what it is given. */
final class FakeConnection extends QuietConnection {

    final List<String> got = new ArrayList<>();
    private final TestLoop loop;
    private final TrackedFraming framing;
    boolean open = true;
    boolean broken;

    FakeConnection(String id, TestLoop loop, TrackedFraming framing) {
        super(id);
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
    public void close(CloseReason reason) {
        open = false;
    }

    @Override
    public void inform(Notice notice) {
        sendText(notice.toString());
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
}

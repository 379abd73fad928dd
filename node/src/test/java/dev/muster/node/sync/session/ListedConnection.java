package dev.muster.node.sync.session;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Framing;
import dev.muster.node.connection.QuietConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection that lists what it is given, and takes it or not as the test likes. Its loop does everything at once. */
final class ListedConnection extends QuietConnection {

    private static final Framing FRAMING = new Framing() {
        @Override
        public ByteBuf text(ByteBuf utf8) {
            return utf8;
        }

        @Override
        public ByteBuf binary(ByteBuf bytes) {
            return bytes;
        }
    };

    private static final EventLoop LOOP = (EventLoop) Proxy.newProxyInstance(
            EventLoop.class.getClassLoader(),
            new Class<?>[] {EventLoop.class},
            (self, method, args) -> switch (method.getName()) {
                case "execute" -> {
                    ((Runnable) args[0]).run();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(self);
                case "equals" -> self == args[0];
                default -> throw new AssertionError("nobody needs " + method.getName());
            });

    final List<String> got = new CopyOnWriteArrayList<>();
    long pending;
    boolean open = true;
    boolean paused;

    ListedConnection(String id) {
        super(id);
    }

    /** Takes what there is. */
    List<String> take() {
        List<String> taken = List.copyOf(got);
        got.clear();
        return taken;
    }

    @Override
    public void offer(ByteBuf frame) {
        got.add(frame.toString(StandardCharsets.UTF_8));
        frame.release();
    }

    @Override
    public EventLoop loop() {
        return LOOP;
    }

    @Override
    public Framing framing() {
        return FRAMING;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void sendText(String text) {
        got.add(text);
    }

    @Override
    public long pendingBytes() {
        return pending;
    }

    @Override
    public void close(CloseReason reason) {
        open = false;
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }
}

package dev.muster.node.session;

import dev.muster.node.connection.Connection;
import dev.muster.node.room.RoomEvent;
import dev.muster.registry.Position;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a room's events into a session's numbered messages, and sends them. What is shown, and so what number it gets,
 * follows from the log alone: the same events give the same numbers on every node, live or read again.
 *
 * <p>Events wait in a queue while the session is opened, and while the client has not acknowledged enough of what it
 * missed. When the queue is empty the session is live: an event is numbered and sent at once. On the session's loop.
 */
final class Numbering {

    private static final Logger LOG = LoggerFactory.getLogger(Numbering.class);

    /** Events that may wait: as many as a room's log can hold. */
    static final int MAX_QUEUED = 20_000;

    /** Bytes of theirs. */
    static final long MAX_QUEUED_BYTES = 16 << 20;

    /** Bytes that may wait for the socket before the next message is handed to it. */
    private static final long MAX_AHEAD = 48 << 10;

    private record Queued(RoomEvent event, @Nullable ByteBuf body, boolean isExcepted, boolean isEncoded) {}

    private final Connection connection;
    private final SessionWire wire;
    private final AckWindow window;
    private final SessionFigures figures;
    private final long joined;

    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private long queuedBytes;
    /** Number of the next message that goes out. */
    private long next;

    private long sentOnce;
    private boolean open;

    /**
     * @param joined joins and leaves up to this offset are not shown
     */
    Numbering(Connection connection, SessionWire wire, AckWindow window, long joined, SessionFigures figures) {
        this.connection = connection;
        this.wire = wire;
        this.window = window;
        this.joined = joined;
        this.figures = figures;
        this.next = window.last() + 1;
        this.sentOnce = window.last();
    }

    /** Hands over what waits, to be numbered there. */
    void moveTo(Numbering other) {
        other.queue.addAll(queue);
        other.queuedBytes += queuedBytes;
        queue.clear();
        queuedBytes = 0;
    }

    /** What the log said comes before everything that came meanwhile. From here on messages are sent. */
    void open(List<RoomEvent> missed, long nanoTime) {
        for (int i = missed.size() - 1; i >= 0; i--) {
            queue.addFirst(new Queued(missed.get(i), null, false, false));
        }
        open = true;
        pump(nanoTime);
    }

    /**
     * An event of the room.
     *
     * @param frame lasts until this returns
     * @return false if the client is too slow for it
     */
    boolean take(RoomEvent event, @Nullable ByteBuf frame, boolean isExcepted, long nanoTime) {
        Position at = event.position();
        if (at == null) {
            pass(event, frame, isExcepted);
            return true;
        }
        if (!open || !queue.isEmpty()) {
            queue.add(new Queued(event, frame == null ? null : frame.retain(), isExcepted, true));
            queuedBytes += event.weight();
            return queue.size() <= MAX_QUEUED && queuedBytes <= MAX_QUEUED_BYTES;
        }
        if (at.offset() <= window.seen().offset()) {
            return true;
        }
        if (!isShown(event, frame, isExcepted)) {
            window.pass(at);
            return true;
        }
        if (window.isFull() || frame == null) {
            return false;
        }
        number(frame.retain(), at);
        transmit(nanoTime);
        return true;
    }

    /** Numbers and sends what waits, as far as the client lets us. */
    void pump(long nanoTime) {
        if (!open) {
            return;
        }
        while (!queue.isEmpty()) {
            Queued first = queue.peek();
            Position at = first.event.position();
            boolean isNews = at != null && at.offset() > window.seen().offset();
            if (isNews && window.isFull()) {
                break;
            }
            queue.remove();
            queuedBytes -= first.isEncoded ? first.event.weight() : 0;
            if (at == null || !isNews) {
                drop(first);
            } else {
                number(first, at);
            }
        }
        transmit(nanoTime);
    }

    private void number(Queued queued, Position at) {
        ByteBuf body = queued.isEncoded ? queued.body : encode(queued.event);
        if (body != null && isShown(queued.event, body, queued.isExcepted)) {
            number(body, at);
        } else {
            window.pass(at);
            if (body != null) {
                body.release();
            }
        }
    }

    private @Nullable ByteBuf encode(RoomEvent event) {
        try {
            return wire.encoder().encode(event, connection.framing());
        } catch (RuntimeException failure) {
            // As when it was live: nobody saw it then, and it got no number.
            LOG.error("An event could not be encoded, a session does not show it", failure);
            return null;
        }
    }

    private void number(ByteBuf body, Position at) {
        figures.waits(1, body.readableBytes());
        window.add(body, at);
    }

    private boolean isShown(RoomEvent event, @Nullable ByteBuf body, boolean isExcepted) {
        if (body == null || isExcepted) {
            return false;
        }
        boolean isMessage = event instanceof RoomEvent.Message;
        Position at = event.position();
        if (!isMessage && at != null && at.offset() <= joined) {
            return false;
        }
        boolean isOwn = connection.id().equals(event.origin());
        return !isOwn || (wire.encoder().echoes() && !(event instanceof RoomEvent.Left));
    }

    /** A message outside the order: sent now or never. */
    private void pass(RoomEvent event, @Nullable ByteBuf frame, boolean isExcepted) {
        if (open && frame != null && isShown(event, frame, isExcepted) && event instanceof RoomEvent.Message) {
            ByteBuf start = wire.start(0, frame.readableBytes(), connection.framing());
            connection.offer(start, frame.retain());
        }
    }

    // ---- out ----

    private void transmit(long nanoTime) {
        while (next <= window.last()) {
            if (connection.pendingBytes() > MAX_AHEAD) {
                return;
            }
            ByteBuf body = window.body(next);
            ByteBuf start = wire.start(next, body.readableBytes(), connection.framing());
            window.sent(next, nanoTime);
            if (next <= sentOnce) {
                figures.resent(1);
            } else {
                sentOnce = next;
            }
            connection.offer(start, body.retain());
            next++;
        }
    }

    /** Whether messages wait for the socket to take more. */
    boolean isBlocked() {
        return next <= window.last();
    }

    /** The client has everything up to {@code id}; false if that was never sent. */
    boolean ack(long id, long nanoTime) {
        if (id > sentOnce || id < 0) {
            return false;
        }
        long before = window.bytes();
        int released = window.ack(id);
        if (released > 0) {
            figures.waits(-released, window.bytes() - before);
            next = Math.max(next, window.acked() + 1);
            pump(nanoTime);
        }
        return true;
    }

    /** Everything that is not acknowledged goes out again, in order, before anything else. */
    void again(long nanoTime) {
        if (connection.pendingBytes() <= MAX_AHEAD) {
            next = window.acked() + 1;
            transmit(nanoTime);
        }
    }

    /** Lets all messages go. */
    void close() {
        open = false;
        figures.waits(-window.size(), -window.bytes());
        window.clear();
        queue.forEach(Numbering::drop);
        queue.clear();
    }

    private static void drop(Queued queued) {
        ByteBuf body = queued.body;
        if (body != null) {
            body.release();
        }
    }
}

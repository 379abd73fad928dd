package dev.muster.node.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One client's socket.
 *
 * <p>A connection lives on one event loop: its callbacks run there, one after another, and so does everything about
 * it that changes. The methods that say so may be called from any thread.
 *
 * <p>What is sent goes into a bounded outbox. A client that does not read is closed with
 * {@link CloseReason#SLOW}, or treated as its outbox's policy says; it never costs the others anything.
 */
public interface Connection {

    /** Unique in the cluster over nodes, transports and restarts: at most 26 characters of {@code [A-Za-z0-9_-]}. */
    String id();

    /** The wire, in lower case: {@code websocket} or {@code tcp}. */
    String transport();

    /**
     * Who it is. Set before {@link SocketHandler#onConnect}; another one after a newer token, or after a login where the
     * wire has one. Any thread.
     */
    Identity identity();

    /** Makes it somebody else from now on; only a {@link Gate} may say so. */
    void identify(Identity identity);

    /** Has {@link SocketHandler#onNotice} called. Any thread. */
    void inform(Notice notice);

    /**
     * Counts one message of those that a handler found in a {@linkplain SocketHandler#isStream stream}. On the loop only.
     *
     * @param control see {@link SocketHandler#isControl}
     * @return false if it is one too many and to be dropped; the client is told of it, or closed, already
     */
    default boolean mayTake(boolean control) {
        return true;
    }

    /** How it came in: path, parameters, query, addresses. */
    Handshake handshake();

    /** When it was accepted. */
    Instant connectedAt();

    /** Where it lives. */
    EventLoop loop();

    /** How payloads become bytes of its wire. Connections with the same framing can share encoded frames. */
    Framing framing();

    /**
     * Takes over the id of a connection that this one continues, which nobody may use any more. On the loop, and only
     * by whoever tells the cluster of the change.
     */
    default void adopt(String id) {
        throw new UnsupportedOperationException("a connection of this kind keeps its id");
    }

    /** What it was closed with, by either side; 1006 if it broke, 0 while it is open. On the loop. */
    default int closeCode() {
        return 0;
    }

    /** Whether it takes what is sent. Any thread; the answer may be old. */
    boolean isOpen();

    /** Sends text. Any thread. Dropped if the connection is closed. */
    void sendText(String text);

    /** Sends bytes. Any thread. Dropped if the connection is closed. The buffer must not be modified afterwards. */
    void sendBinary(Buffer bytes);

    /**
     * Puts an encoded frame into the outbox, to be flushed with others at the end of the loop's tick. On the loop
     * only. Takes over one reference of {@code frame}, whatever becomes of it, and never throws for a closed or slow
     * connection.
     *
     * <p>The very same buffer object may be offered to many connections, on several loops at once: whoever gets it
     * reads it by absolute index, copies it, or writes a duplicate, and never moves its indices.
     *
     * @param frame whole frames of this connection's {@link #framing()}
     */
    void offer(ByteBuf frame);

    /**
     * The same for a frame in two parts, which stay together: one of its own, and one it may share with others.
     *
     * @param start made by {@link Framing#textStart}
     * @param rest the rest of the payload, under the same rules as a whole frame
     */
    default void offer(ByteBuf start, ByteBuf rest) {
        offer(start);
        offer(rest);
    }

    /** Bytes that are sent but not yet written to the system. Any thread; the answer may be old. */
    long pendingBytes();

    /**
     * Frames that wait for a client that does not keep up; 0 for one that does. Any thread; the answer may be old.
     */
    default int pendingMessages() {
        return 0;
    }

    /**
     * Closes with a reason, after what was sent before. Again: no effect. Any thread.
     */
    void close(CloseReason reason);

    /**
     * Stops reading from the client, so that it waits instead of making us remember what it sends: no message is
     * delivered until {@link #resume}. Silence does not close it meanwhile. On the loop only.
     */
    void pause();

    /** Goes on reading. On the loop only. */
    void resume();

    /** What the handler keeps with the connection; null until set. On the loop only. */
    @Nullable
    Object attachment();

    /** Keeps something with the connection, in place of what was kept before. On the loop only. */
    void attach(@Nullable Object attachment);
}

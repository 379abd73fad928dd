package dev.muster.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue in front of one socket. Lives on its loop; only {@link #pendingBytes} may be asked from elsewhere.
 *
 * <p>While the socket takes what it gets, frames go straight to it: the first of a tick as it is, shared with all other
 * receivers; small ones that follow are copied together with it, which costs less than one more entry in the system
 * call. Only for a socket that does not keep up is there a queue of our own, and only that one is bounded in messages:
 * what is in front of it is bounded by the channel's water mark, 64 KiB.
 */
final class Outbox {

    /** What becomes of a socket whose outbox is full. */
    interface Overflow {
        /** Called on the loop, at most once; the outbox takes nothing any more. */
        void overflow();
    }

    /** Longer frames are not worth copying. */
    private static final int COPY_MAX = 1024;

    private static final int BATCH_MAX = 16 * 1024;

    private final Channel channel;
    private final FlushTick tick;
    private final SentCount sent;
    private final int maxBytes;
    private final int maxMessages;
    private final Overflow overflow;

    /** What this tick has brought: one shared frame, or several copied together; null between ticks. */
    private @Nullable ByteBuf stash;

    private boolean stashIsShared;
    /** Whether the channel holds what was written but not flushed. */
    private boolean unflushed;

    private @Nullable ArrayDeque<ByteBuf> queue;
    private int queuedBytes;
    private boolean scheduled;
    private boolean finished;

    Outbox(Channel channel, FlushTick tick, SentCount sent, SocketLimits limits, Overflow to) {
        this.channel = channel;
        this.tick = tick;
        this.sent = sent;
        this.maxBytes = limits.outboxBytes();
        this.maxMessages = limits.outboxMessages();
        this.overflow = to;
    }

    /** What goes out before the first frame. It shares the first flush with what comes in the same tick. */
    void open(ByteBuf answer) {
        writeToChannel(answer);
        atEndOfTick();
    }

    /** Takes over one reference of {@code frame}, which others may have been offered too. */
    void offer(ByteBuf frame) {
        if (finished) {
            frame.release();
            return;
        }
        sent.add(frame.readableBytes());
        if (queue != null) {
            enqueue(frame);
        } else {
            gather(frame);
        }
    }

    /**
     * The same for one frame in two parts, which become one: whatever is dropped later, a half never goes out. A small
     * rest is copied behind its start, as small frames are anyway.
     */
    void offer(ByteBuf start, ByteBuf rest) {
        if (rest.readableBytes() > COPY_MAX) {
            offer(Unpooled.wrappedBuffer(start, rest.slice()));
        } else {
            start.writeBytes(rest, rest.readerIndex(), rest.readableBytes());
            rest.release();
            offer(start);
        }
    }

    private void gather(ByteBuf frame) {
        ByteBuf gathered = stash;
        if (gathered == null) {
            begin(frame);
            return;
        }
        int bytes = frame.readableBytes();
        int together = gathered.readableBytes() + bytes;
        if (bytes > COPY_MAX || together > BATCH_MAX || (stashIsShared && gathered.readableBytes() > COPY_MAX)) {
            write();
            if (queue != null) {
                enqueue(frame);
            } else {
                begin(frame);
            }
            return;
        }
        if (stashIsShared) {
            ByteBuf batch = channel.alloc().directBuffer(Math.min(BATCH_MAX, Math.max(512, 2 * together)), BATCH_MAX);
            batch.writeBytes(gathered, gathered.readerIndex(), gathered.readableBytes());
            gathered.release();
            gathered = batch;
            stash = batch;
            stashIsShared = false;
        }
        gathered.writeBytes(frame, frame.readerIndex(), bytes);
        frame.release();
    }

    private void begin(ByteBuf frame) {
        stash = frame;
        stashIsShared = true;
        atEndOfTick();
    }

    private void atEndOfTick() {
        if (!scheduled) {
            scheduled = true;
            tick.add(this);
        }
    }

    /** Hands the stash to the channel; if that is full even after a flush, a queue takes over. */
    private void write() {
        ByteBuf gathered = stash;
        if (gathered == null) {
            return;
        }
        stash = null;
        writeToChannel(stashIsShared ? ownIndices(gathered) : gathered);
        if (!channel.isWritable()) {
            flushChannel();
            if (!channel.isWritable() && queue == null) {
                queue = new ArrayDeque<>();
            }
        }
    }

    /** A shared frame is written as a duplicate: a write that takes only a part moves the indices. */
    private static ByteBuf ownIndices(ByteBuf shared) {
        ByteBuf duplicate = shared.retainedDuplicate();
        shared.release();
        return duplicate;
    }

    // A failed write closes the channel, and that is where it is handled: a promise for each frame would say no more.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void writeToChannel(ByteBuf frame) {
        unflushed = true;
        channel.write(frame, channel.voidPromise());
    }

    private void flushChannel() {
        unflushed = false;
        channel.flush();
    }

    /** Gives the socket what this tick has brought. */
    void flush() {
        scheduled = false;
        write();
        if (unflushed) {
            flushChannel();
        }
    }

    private void enqueue(ByteBuf frame) {
        ArrayDeque<ByteBuf> waiting = queue;
        if (waiting == null) {
            frame.release();
            return;
        }
        queuedBytes += frame.readableBytes();
        waiting.add(frame);
        if (waiting.size() > maxMessages || queuedBytes + channelBytes() > maxBytes) {
            finished = true;
            sent.dropped(waiting.size());
            dropQueue();
            overflow.overflow();
        }
    }

    /** The channel takes more again, or no more. */
    void writabilityChanged() {
        ArrayDeque<ByteBuf> waiting = queue;
        if (waiting == null || !channel.isWritable()) {
            return;
        }
        while (channel.isWritable()) {
            ByteBuf frame = waiting.poll();
            if (frame == null) {
                queue = null;
                break;
            }
            queuedBytes -= frame.readableBytes();
            writeToChannel(ownIndices(frame));
        }
        if (unflushed) {
            flushChannel();
        }
    }

    /** The last frame, behind everything that was offered; nothing is taken afterwards. */
    void finish(ByteBuf last) {
        if (finished) {
            last.release();
            return;
        }
        finished = true;
        write();
        ArrayDeque<ByteBuf> waiting = queue;
        if (waiting == null) {
            writeToChannel(last);
            flushChannel();
        } else {
            queuedBytes += last.readableBytes();
            waiting.add(last);
        }
    }

    /**
     * As {@link #finish}, but what does not fit into the socket any more is dropped.
     *
     * @param then called when the frame is written
     */
    void finishNow(ByteBuf last, ChannelFutureListener then) {
        finished = true;
        write();
        dropQueue();
        unflushed = false;
        channel.writeAndFlush(last).addListener(then);
    }

    /** Something that does not wait its turn: control frames. */
    void urgent(ByteBuf frame) {
        if (finished || queue != null) {
            // A peer that does not read has no use for a ping or pong either, and must not make us keep them.
            frame.release();
        } else {
            gather(frame);
        }
    }

    /** Something went wrong that never should: lets everything go, and the socket with it. */
    void abandon() {
        discard();
        Hangup.now(channel);
    }

    /** The channel is gone. */
    void discard() {
        finished = true;
        ByteBuf gathered = stash;
        if (gathered != null) {
            stash = null;
            gathered.release();
        }
        dropQueue();
    }

    private void dropQueue() {
        ArrayDeque<ByteBuf> waiting = queue;
        queue = null;
        queuedBytes = 0;
        if (waiting != null) {
            waiting.forEach(ByteBuf::release);
        }
    }

    /** What is offered but not yet taken by the system. Any thread; the answer may be old. */
    long pendingBytes() {
        return queuedBytes + channelBytes();
    }

    /** Frames that wait here because the socket does not take them. Any thread; the answer may be old. */
    int pendingMessages() {
        ArrayDeque<ByteBuf> waiting = queue;
        return waiting == null ? 0 : waiting.size();
    }

    private long channelBytes() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes();
    }
}

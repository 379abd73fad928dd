package dev.muster.node.room;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event on its way to the members of a room on this node, with the frames it was encoded to. Several loops share
 * it; each holds it while it needs it, and with the last hold the frames go.
 */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final AtomicIntegerFieldUpdater<Delivery> HOLDS =
            AtomicIntegerFieldUpdater.newUpdater(Delivery.class, "holds");

    private static final ByteBuf NOTHING = Unpooled.EMPTY_BUFFER;

    /** Whether a protocol does not show the event. */
    @SuppressWarnings("ReferenceEquality") // an empty buffer is equal to it, but may be a frame
    static boolean isNothing(ByteBuf frame) {
        return frame == NOTHING;
    }

    private final RoomEvent event;
    private final @Nullable RoomShard[] shards;
    private final Set<String> except;

    @SuppressWarnings("UnusedVariable") // through HOLDS
    private volatile int holds;

    private ByteBuf[] frames = {};

    /**
     * @param shards those it goes to, by the index of their loop
     * @param holds how many times {@link #release} will be called, but for those that {@link #hold} adds
     */
    Delivery(RoomEvent event, @Nullable RoomShard[] shards, int holds) {
        this.event = event;
        this.shards = shards;
        this.holds = holds;
        this.except = event instanceof RoomEvent.Message message ? Except.of(message.publication()) : Set.of();
    }

    RoomEvent event() {
        return event;
    }

    /** Connections that are not to get it; usually none. */
    Set<String> except() {
        return except;
    }

    /** Where it goes on a loop. */
    @Nullable
    RoomShard shard(int loop) {
        return shards[loop];
    }

    /**
     * The event in this format, or {@linkplain #isNothing nothing}. Encoded by whoever asks first; the reference stays here, and
     * lasts as long as the caller's hold.
     */
    synchronized ByteBuf frame(Format format) {
        int index = format.index();
        if (index >= frames.length) {
            frames = Arrays.copyOf(frames, index + 1);
        }
        ByteBuf frame = frames[index];
        if (frame == null) {
            frame = encode(format);
            frames[index] = frame;
        }
        return frame;
    }

    private ByteBuf encode(Format format) {
        try {
            ByteBuf frame = format.encoder().encode(event, format.framing());
            return frame == null ? NOTHING : frame;
        } catch (RuntimeException failure) {
            LOG.error("An event could not be encoded, members of this protocol do not see it", failure);
            return NOTHING;
        }
    }

    /** Keeps it for later; the caller holds it already. */
    void hold() {
        HOLDS.incrementAndGet(this);
    }

    /** The caller needs it no more. */
    void release() {
        if (HOLDS.decrementAndGet(this) == 0) {
            releaseFrames();
        }
    }

    private synchronized void releaseFrames() {
        for (ByteBuf frame : frames) {
            if (frame != null) {
                frame.release();
            }
        }
        frames = new ByteBuf[0];
    }
}

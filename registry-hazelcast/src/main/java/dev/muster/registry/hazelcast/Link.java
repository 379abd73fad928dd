package dev.muster.registry.hazelcast;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The way from this member to one node: a bounded queue of parcels with one frame under way at a time. So parcels
 * arrive in order, and what piles up meanwhile goes into the next frame together. A frame that failed is sent again;
 * the receiver knows by its number whether it has had it.
 */
final class Link {

    /** Bytes that wait for a node at most. One that does not take them is frozen or gone, and repairs from the logs. */
    static final long MAX_WAITING = 32L << 20;

    /** A frame ends after the parcel that brings it to this many bytes. */
    private static final int FRAME_BYTES = 256 * 1024;

    private static final int FRAME_PARCELS = 1_000;

    private final NodeRef target;
    private final long id = ThreadLocalRandom.current().nextLong();
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private long waitingBytes;
    /** The number of the next parcel to be offered. */
    private long next = 1;

    private @Nullable Frame underWay;
    /** Parcels were dropped, and no frame has been made since: an empty one must show the hole. */
    private boolean holed;

    Link(NodeRef target) {
        this.target = target;
    }

    NodeRef target() {
        return target;
    }

    /**
     * Takes a parcel.
     *
     * @return a frame to send now, or null if one is under way
     */
    synchronized @Nullable Frame offer(byte[] parcel) {
        next++;
        if (waitingBytes + parcel.length > MAX_WAITING && !waiting.isEmpty()) {
            waiting.clear();
            waitingBytes = 0;
            holed = true;
        } else {
            waiting.add(parcel);
            waitingBytes += parcel.length;
        }
        return underWay == null ? frame() : null;
    }

    /**
     * The frame under way has arrived.
     *
     * @return the next one, or null if there is nothing to send
     */
    synchronized @Nullable Frame arrived() {
        underWay = null;
        return waiting.isEmpty() && !holed ? null : frame();
    }

    /** The frame under way, to be sent again. */
    synchronized @Nullable Frame again() {
        return underWay;
    }

    synchronized boolean idle() {
        return underWay == null;
    }

    private Frame frame() {
        long first = next - waiting.size();
        List<byte[]> parcels = new ArrayList<>();
        int bytes = 0;
        while (!waiting.isEmpty() && bytes < FRAME_BYTES && parcels.size() < FRAME_PARCELS) {
            byte[] parcel = waiting.remove();
            bytes += parcel.length;
            parcels.add(parcel);
        }
        waitingBytes -= bytes;
        holed = false;
        Frame frame = new Frame(id, target.incarnation(), first, parcels);
        underWay = frame;
        return frame;
    }
}

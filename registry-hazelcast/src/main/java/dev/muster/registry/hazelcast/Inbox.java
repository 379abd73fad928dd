package dev.muster.registry.hazelcast;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where frames of other members' links arrive. Knows of each link what comes next, and says so if that is missing. */
final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /** Links remembered; there is one for each other member, and some of members that are gone. */
    private static final int MAX_LINKS = 1_000;

    private final Parcel.Receiver receiver;
    private final Runnable onHole;
    private final Map<Long, Long> expected = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > MAX_LINKS;
        }
    };

    private volatile long incarnation;

    /** {@code onHole} is told that parcels of some link are missing. */
    Inbox(Parcel.Receiver receiver, Runnable onHole) {
        this.receiver = receiver;
        this.onHole = onHole;
    }

    /** From now on only what is meant for this incarnation is taken. */
    void livesAs(long incarnation) {
        this.incarnation = incarnation;
    }

    /** Takes a frame; false if it is meant for another incarnation. */
    boolean accept(Frame frame) {
        if (frame.incarnation() != incarnation) {
            return false;
        }
        long first;
        synchronized (expected) {
            first = expected.getOrDefault(frame.link(), 1L);
            if (frame.first() + frame.parcels().size() >= first) {
                expected.put(frame.link(), frame.first() + frame.parcels().size());
            }
        }
        if (frame.first() > first) {
            LOG.info(
                    "{} parcels from another node are missing, comparing positions of all watched groups",
                    frame.first() - first);
            onHole.run();
        }
        int had = (int) Math.min(frame.parcels().size(), Math.max(0, first - frame.first()));
        frame.parcels().subList(had, frame.parcels().size()).forEach(this::unpack);
        return true;
    }

    /** Takes a parcel of this member itself. */
    boolean acceptOwn(long incarnation, byte[] parcel) {
        if (incarnation != this.incarnation) {
            return false;
        }
        unpack(parcel);
        return true;
    }

    private void unpack(byte[] parcel) {
        try {
            Parcel.unpack(parcel, receiver);
        } catch (IllegalArgumentException malformed) {
            LOG.warn("Dropped {} bytes that are not a parcel: {}", parcel.length, malformed.getMessage());
        }
    }
}

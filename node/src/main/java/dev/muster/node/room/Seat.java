package dev.muster.node.room;

import dev.muster.node.connection.Connection;
import dev.muster.registry.Position;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A member's place in a shard. On the shard's loop.
 *
 * <p>Three states, because a join and the room's feed come over different ways and either may be ahead. <i>Holding</i>:
 * the join is under way, and what comes is kept, for it may be after the join's position. <i>Catching up</i>: the
 * position is known, and what comes is before it. <i>Live</i>: in a cohort, gets everything.
 */
final class Seat {

    /** Events kept while a join is under way. */
    static final int MAX_HELD = 512;

    /** Bytes kept while a join is under way. */
    static final long MAX_HELD_BYTES = 1 << 20;

    private final Member member;
    private Format format;

    private @Nullable ArrayDeque<Delivery> held;
    private long heldBytes;
    /** The newest event that found no place; everything up to here is missing, should the join be before it. */
    private @Nullable Position dropped;

    private @Nullable Position joinedAt;
    private @Nullable Cohort cohort;
    private int index;

    Seat(Member member, Format format) {
        this.member = member;
        this.format = format;
    }

    Member member() {
        return member;
    }

    Connection connection() {
        return member.connection();
    }

    Format format() {
        return format;
    }

    /** Takes another format. To be called while it is in no cohort. */
    void reformat(Format format) {
        this.cohort = null;
        this.format = format;
    }

    /** Its cohort; null while it is not live. */
    @Nullable
    Cohort cohort() {
        return cohort;
    }

    /** Its place in the cohort. */
    int index() {
        return index;
    }

    void settle(Cohort cohort, int index) {
        this.cohort = cohort;
        this.index = index;
    }

    /** Where the member joined; null while the join is under way. */
    @Nullable
    Position joinedAt() {
        return joinedAt;
    }

    /** Keeps an event that came while the join is under way, if it has a place in the order: others are not promised. */
    void hold(Delivery delivery) {
        Position position = delivery.event().position();
        if (position == null) {
            return;
        }
        ArrayDeque<Delivery> queue = held;
        if (queue == null) {
            queue = new ArrayDeque<>();
            held = queue;
        }
        delivery.hold();
        queue.add(delivery);
        heldBytes += delivery.event().weight();
        while (queue.size() > MAX_HELD || heldBytes > MAX_HELD_BYTES) {
            // The oldest are the likeliest to be before the join.
            Delivery oldest = queue.remove();
            dropped = oldest.event().position();
            heldBytes -= oldest.event().weight();
            oldest.release();
        }
    }

    /**
     * The join is done: forgets what was before it.
     *
     * @return false if something after it found no place
     */
    boolean joined(Position at) {
        joinedAt = at;
        forgetUpTo(at);
        return dropped == null || Order.isCovered(dropped, at);
    }

    private void forgetUpTo(Position at) {
        ArrayDeque<Delivery> queue = held;
        if (queue == null) {
            return;
        }
        int before = 0;
        int i = 0;
        for (Delivery delivery : queue) {
            i++;
            Position position = delivery.event().position();
            if (position != null && position.epoch().equals(at.epoch()) && position.offset() <= at.offset()) {
                // All that came ahead of it is before it as well, in whatever epoch.
                before = i;
            }
        }
        for (i = 0; i < before; i++) {
            queue.remove().release();
        }
        while (!queue.isEmpty() && Order.isBefore(queue.peek().event(), at)) {
            queue.remove().release();
        }
    }

    /**
     * Sends what was kept.
     *
     * @return whether there was anything, which means that the feed is past the join
     */
    boolean flush() {
        ArrayDeque<Delivery> queue = held;
        if (queue == null) {
            return false;
        }
        boolean any = !queue.isEmpty();
        while (!queue.isEmpty()) {
            Delivery delivery = queue.remove();
            try {
                send(delivery);
            } finally {
                delivery.release();
            }
        }
        held = null;
        heldBytes = 0;
        return any;
    }

    private void send(Delivery delivery) {
        RoomEvent event = delivery.event();
        if (format.encoder().isPersonal()) {
            Cohort.hand(member, format, delivery);
            return;
        }
        String id = connection().id();
        boolean own = id.equals(event.origin());
        boolean skipped = own && (!format.encoder().echoes() || event instanceof RoomEvent.Left);
        if (!skipped && !delivery.except().contains(id)) {
            ByteBuf frame = delivery.frame(format);
            if (!Delivery.isNothing(frame)) {
                Cohort.offer(connection(), frame.retain());
            }
        }
    }

    /** Gives up what is kept. */
    void forget() {
        ArrayDeque<Delivery> queue = held;
        if (queue != null) {
            queue.forEach(Delivery::release);
            held = null;
        }
    }
}

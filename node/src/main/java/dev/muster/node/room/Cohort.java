package dev.muster.node.room;

import dev.muster.node.connection.Connection;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of a shard that get the same bytes. Delivering to them is the innermost loop of the node: an array, one
 * call for each member, nothing allocated, nothing looked up.
 */
final class Cohort {

    private static final Logger LOG = LoggerFactory.getLogger(Cohort.class);

    private final Format format;
    private final boolean personal;
    private Seat[] seats = new Seat[2];
    private Connection[] connections = new Connection[2];
    private int size;

    Cohort(Format format) {
        this.format = format;
        this.personal = format.encoder().isPersonal();
    }

    Format format() {
        return format;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Seat seat) {
        if (size == seats.length) {
            seats = Arrays.copyOf(seats, size * 2);
            connections = Arrays.copyOf(connections, size * 2);
        }
        seats[size] = seat;
        connections[size] = seat.connection();
        seat.settle(this, size);
        size++;
    }

    /** Closes the hole with the last: members have no order among themselves. */
    void remove(int index) {
        size--;
        Seat last = seats[size];
        seats[index] = last;
        connections[index] = connections[size];
        last.settle(this, index);
        seats[size] = null;
        connections[size] = null;
        if (size >= 8 && size < seats.length / 4) {
            seats = Arrays.copyOf(seats, seats.length / 2);
            connections = Arrays.copyOf(connections, connections.length / 2);
        }
    }

    /**
     * Offers the event's frame to all but {@code origin}, who gets it only if its protocol echoes.
     *
     * @param origin the seat of the connection the event comes from, if it sits in this shard
     * @return how many it was offered to
     */
    int deliver(Delivery delivery, @Nullable Seat origin) {
        ByteBuf frame = delivery.frame(format);
        if (personal) {
            return deliverToEach(delivery);
        }
        if (Delivery.isNothing(frame)) {
            return 0;
        }
        if (!delivery.except().isEmpty()) {
            return deliverExcept(delivery.except(), frame, origin);
        }
        int skipped = origin != null && origin.cohort() == this && skips(delivery) ? origin.index() : -1;
        int receivers = skipped < 0 ? size : size - 1;
        if (receivers == 0) {
            return 0;
        }
        // One atomic step for all references: each offer takes one over, whatever becomes of it.
        frame.retain(receivers);
        Connection[] all = connections;
        int end = size;
        for (int i = 0; i < end; i++) {
            if (i != skipped) {
                offer(all[i], frame);
            }
        }
        return receivers;
    }

    /** Members may be taken out meanwhile only after the delivery, see {@link RoomShard#detach}. */
    private int deliverToEach(Delivery delivery) {
        for (int i = 0; i < size; i++) {
            hand(seats[i].member(), format, delivery);
        }
        return size;
    }

    /** Gives a member of a personal format its event. One that fails never stops a broadcast. */
    static void hand(Member member, Format format, Delivery delivery) {
        ByteBuf frame = delivery.frame(format);
        String id = member.connection().id();
        try {
            member.deliver(
                    delivery.event(),
                    Delivery.isNothing(frame) ? null : frame,
                    delivery.except().contains(id));
        } catch (RuntimeException failure) {
            LOG.error("Connection {} failed on an event, the others get theirs", id, failure);
        }
    }

    private int deliverExcept(Set<String> except, ByteBuf frame, @Nullable Seat origin) {
        int receivers = 0;
        for (int i = 0; i < size; i++) {
            boolean isOrigin = seats[i] == origin && !format.encoder().echoes();
            if (!isOrigin && !except.contains(connections[i].id())) {
                offer(connections[i], frame.retain());
                receivers++;
            }
        }
        return receivers;
    }

    private boolean skips(Delivery delivery) {
        return !format.encoder().echoes() || delivery.event() instanceof RoomEvent.Left;
    }

    /** One dead member never stops a broadcast. */
    static void offer(Connection connection, ByteBuf frame) {
        try {
            connection.offer(frame);
        } catch (RuntimeException failure) {
            LOG.error("Connection {} failed on a frame, the others get theirs", connection.id(), failure);
        }
    }
}

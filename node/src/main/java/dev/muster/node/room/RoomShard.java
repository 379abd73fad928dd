package dev.muster.node.room;

import dev.muster.registry.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The members of a room that live on one event loop. Everything here happens on that loop. */
final class RoomShard {

    private final Mailbox mailbox;
    private final Map<String, Seat> seats = new HashMap<>(4);
    /** Seats that are not live yet: usually none. */
    private final List<Seat> arriving = new ArrayList<>(1);
    /** Those who left while a delivery went on. */
    private final List<Seat> leaving = new ArrayList<>(0);
    /** Written on the loop only. */
    private final AtomicLong delivered = new AtomicLong();

    private Cohort[] cohorts = {};
    /** How far the feed has come here; null until something came. */
    private @Nullable Position passed;

    private boolean delivering;
    private volatile boolean overrun;
    private volatile int members;

    RoomShard(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    Mailbox mailbox() {
        return mailbox;
    }

    boolean isEmpty() {
        return seats.isEmpty();
    }

    /** How many sit here. Any thread. */
    int members() {
        return members;
    }

    /** Frames offered to members here so far. Any thread. */
    long delivered() {
        return delivered.get();
    }

    /** Whether its loop is so far behind that events were dropped: until it has been told, it gets no more. Any thread. */
    boolean isOverrun() {
        return overrun;
    }

    void setOverrun(boolean overrun) {
        this.overrun = overrun;
    }

    /** Takes a seat for a member whose join is about to start. */
    void attach(Seat seat) {
        if (seats.putIfAbsent(seat.connection().id(), seat) != null) {
            throw new IllegalStateException("connection " + seat.connection().id() + " has a seat already");
        }
        arriving.add(seat);
        members = seats.size();
    }

    /**
     * The member's join is done: it is welcomed, and gets what came since.
     *
     * @return false if something of that found no place; then it is not welcomed
     */
    boolean enter(String room, Seat seat, Position at) {
        if (!seat.joined(at)) {
            return false;
        }
        seat.member().welcome(room, at);
        if (seat.flush() || Order.isCovered(at, passed)) {
            arriving.remove(seat);
            settle(seat);
        }
        return true;
    }

    void detach(Seat seat) {
        seat.forget();
        if (!seats.remove(seat.connection().id(), seat)) {
            return;
        }
        members = seats.size();
        if (delivering) {
            leaving.add(seat);
        } else {
            remove(seat);
        }
    }

    /** Moves a member to the cohort of another format. Never called while a delivery goes on. */
    void reformat(Seat seat, Format format) {
        if (seats.get(seat.connection().id()) != seat) {
            return;
        }
        boolean live = seat.cohort() != null;
        if (live) {
            remove(seat);
        }
        seat.reformat(format);
        if (live) {
            settle(seat);
        }
    }

    /** Brings an event to every live member. */
    void deliver(Delivery delivery) {
        RoomEvent event = delivery.event();
        if (!arriving.isEmpty()) {
            admit(delivery);
        }
        String sender = event.origin();
        Seat origin = sender == null ? null : seats.get(sender);
        int frames = 0;
        delivering = true;
        try {
            for (Cohort cohort : cohorts) {
                frames += cohort.deliver(delivery, origin);
            }
        } finally {
            delivering = false;
        }
        if (frames > 0) {
            delivered.lazySet(delivered.get() + frames);
            mailbox.countDelivered(frames);
        }
        Position position = event.position();
        if (position != null) {
            passed = position;
        }
        if (!leaving.isEmpty()) {
            leaving.forEach(this::remove);
            leaving.clear();
        }
    }

    /** Lets those in whose join was before this event; those whose join is under way keep it. */
    private void admit(Delivery delivery) {
        for (Iterator<Seat> seat = arriving.iterator(); seat.hasNext(); ) {
            Seat next = seat.next();
            Position joinedAt = next.joinedAt();
            if (joinedAt == null) {
                next.hold(delivery);
            } else if (delivery.event().position() != null && !Order.isBefore(delivery.event(), joinedAt)) {
                seat.remove();
                settle(next);
            }
        }
    }

    private void settle(Seat seat) {
        for (Cohort cohort : cohorts) {
            if (cohort.format().index() == seat.format().index()) {
                cohort.add(seat);
                return;
            }
        }
        Cohort added = new Cohort(seat.format());
        added.add(seat);
        Cohort[] more = Arrays.copyOf(cohorts, cohorts.length + 1);
        more[cohorts.length] = added;
        cohorts = more;
    }

    private void remove(Seat seat) {
        Cohort cohort = seat.cohort();
        if (cohort == null) {
            arriving.remove(seat);
            return;
        }
        cohort.remove(seat.index());
        if (cohort.isEmpty()) {
            Cohort[] fewer = new Cohort[cohorts.length - 1];
            int kept = 0;
            for (Cohort other : cohorts) {
                if (other != cohort) {
                    fewer[kept++] = other;
                }
            }
            cohorts = fewer;
        }
    }
}

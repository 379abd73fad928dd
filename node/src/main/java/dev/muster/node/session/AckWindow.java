package dev.muster.node.session;

import dev.muster.registry.Position;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one session that its client has not acknowledged yet, in a ring: number, place in the log, and the
 * rest of the frame, which is shared with everybody else who waits for the same message. On the session's loop.
 */
final class AckWindow {

    /** What is to be done about messages that wait. */
    enum Due {
        NOTHING,
        SEND_AGAIN,
        GIVE_UP
    }

    private static final int FIRST_CAPACITY = 16;
    private static final long NOT_SENT = Long.MIN_VALUE;

    private final SessionSettings settings;

    private @Nullable ByteBuf[] bodies = new ByteBuf[FIRST_CAPACITY];
    private @Nullable Position[] positions = new Position[FIRST_CAPACITY];
    private long[] sentAt = new long[FIRST_CAPACITY];

    private long acked;
    private Position ackedAt;
    private long last;
    private Position seen;
    private long bytes;
    private int rounds;
    private long lastRound = NOT_SENT;

    /**
     * @param acked number of the last message that is acknowledged
     * @param through everything up to here is acknowledged or was not shown
     */
    AckWindow(SessionSettings settings, long acked, Position through) {
        this.settings = settings;
        this.acked = acked;
        this.last = acked;
        this.ackedAt = through;
        this.seen = through;
    }

    /** Number of the last acknowledged message. */
    long acked() {
        return acked;
    }

    /** Number of the last message. */
    long last() {
        return last;
    }

    /** Up to here every event is in: shown and numbered, or not shown. */
    Position seen() {
        return seen;
    }

    /** Up to here nothing is needed any more. */
    Position through() {
        return size() == 0 ? seen : ackedAt;
    }

    int size() {
        return (int) (last - acked);
    }

    long bytes() {
        return bytes;
    }

    /** Whether the next message is one too many. One that is larger than all may be together has to be taken alone. */
    boolean isFull() {
        return size() >= settings.maxUnacked() || (size() > 0 && bytes >= settings.maxUnackedBytes());
    }

    /** An event that is not shown. */
    void pass(Position at) {
        seen = at;
    }

    /** Numbers a message and takes over one reference of {@code body}. */
    void add(ByteBuf body, Position at) {
        if (size() == bodies.length) {
            grow();
        }
        if (size() == 0) {
            ackedAt = seen;
        }
        seen = at;
        last++;
        int slot = slot(last);
        bodies[slot] = body;
        positions[slot] = at;
        sentAt[slot] = NOT_SENT;
        bytes += body.readableBytes();
    }

    private void grow() {
        int capacity = bodies.length * 2;
        @Nullable ByteBuf[] moreBodies = new ByteBuf[capacity];
        @Nullable Position[] morePositions = new Position[capacity];
        long[] moreTimes = new long[capacity];
        for (long id = acked + 1; id <= last; id++) {
            int to = (int) (id & capacity - 1);
            moreBodies[to] = bodies[slot(id)];
            morePositions[to] = positions[slot(id)];
            moreTimes[to] = sentAt[slot(id)];
        }
        bodies = moreBodies;
        positions = morePositions;
        sentAt = moreTimes;
    }

    private int slot(long id) {
        return (int) (id & bodies.length - 1);
    }

    /** The rest of a message that waits; the reference stays here. */
    ByteBuf body(long id) {
        ByteBuf body = bodies[slot(id)];
        if (body == null) {
            throw new IllegalStateException("message " + id + " does not wait");
        }
        return body;
    }

    /** A message goes out, for the first time or again. */
    void sent(long id, long nanoTime) {
        if (sentAt[slot(id)] == NOT_SENT) {
            sentAt[slot(id)] = nanoTime;
        }
    }

    /**
     * The client has everything up to {@code id}.
     *
     * @return how many messages that is news of; -1 if {@code id} was never sent
     */
    int ack(long id) {
        if (id > last || id < 0) {
            return -1;
        }
        int released = 0;
        while (acked < id) {
            acked++;
            Position at = positions[slot(acked)];
            ackedAt = at == null ? ackedAt : at;
            drop(acked);
            released++;
        }
        if (released > 0) {
            rounds = 0;
        }
        return released;
    }

    private void drop(long id) {
        int slot = slot(id);
        ByteBuf body = body(id);
        bytes -= body.readableBytes();
        body.release();
        bodies[slot] = null;
        positions[slot] = null;
    }

    /** Whether the client has been silent for too long; a round begins with the answer {@code SEND_AGAIN}. */
    Due due(long nanoTime) {
        if (size() == 0) {
            return Due.NOTHING;
        }
        long oldest = sentAt[slot(acked + 1)];
        if (oldest == NOT_SENT) {
            return Due.NOTHING;
        }
        long since = lastRound != NOT_SENT && lastRound - oldest > 0 ? lastRound : oldest;
        if (nanoTime - since < settings.resendAfter().toNanos()) {
            return Due.NOTHING;
        }
        if (rounds == settings.resendRounds()) {
            return Due.GIVE_UP;
        }
        rounds++;
        lastRound = nanoTime;
        return Due.SEND_AGAIN;
    }

    /** Gives up the messages; numbers and places stay as they are. */
    void clear() {
        if (size() == 0) {
            return;
        }
        for (long id = acked + 1; id <= last; id++) {
            drop(id);
        }
        last = acked;
        seen = ackedAt;
    }
}

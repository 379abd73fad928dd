package dev.muster.registry.mock;

import dev.muster.registry.Position;
import dev.muster.registry.Slice.Completeness;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Which positions a log continues (R16): those of the current epoch, and those of the last eight before it up to the
 * offset that survived.
 */
final class Epochs {

    /** Pairs of epoch and last offset that are kept (R16). */
    static final int KEPT = 8;

    private static final class Boundary {
        final String epoch;
        final long last;
        /** A position beyond it was seen, so publications were lost here: nobody may cross any more. */
        boolean lossy;

        Boundary(String epoch, long last, boolean lossy) {
            this.epoch = epoch;
            this.last = last;
            this.lossy = lossy;
        }
    }

    private final Deque<Boundary> before = new ArrayDeque<>();
    private String current;

    Epochs(String first) {
        current = first;
    }

    Epochs(Epochs other) {
        current = other.current;
        for (Boundary each : other.before) {
            before.add(new Boundary(each.epoch, each.last, each.lossy));
        }
    }

    String current() {
        return current;
    }

    /** A new epoch begins after {@code last}, the newest offset that survived. */
    void begin(String epoch, long last) {
        before.addLast(new Boundary(current, last, false));
        if (before.size() > KEPT) {
            before.removeFirst();
        }
        current = epoch;
    }

    /** Whether a log whose newest offset is {@code head} goes on from {@code after}, and if not, why. */
    Completeness continues(Position after, long head) {
        if (after.epoch().equals(current)) {
            return after.offset() > head ? Completeness.AHEAD : Completeness.COMPLETE;
        }
        List<Boundary> crossed = new ArrayList<>();
        for (Boundary boundary : before) {
            if (!crossed.isEmpty() || boundary.epoch.equals(after.epoch())) {
                crossed.add(boundary);
            }
        }
        if (crossed.isEmpty()) {
            return Completeness.EPOCH_CHANGED;
        }
        Boundary first = crossed.get(0);
        if (after.offset() > first.last) {
            first.lossy = true;
        }
        boolean lost = crossed.stream().anyMatch(boundary -> boundary.lossy);
        return lost ? Completeness.EPOCH_CHANGED : Completeness.COMPLETE;
    }
}

package dev.muster.registry.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import dev.muster.registry.Position;
import dev.muster.registry.Slice.Completeness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The epochs of one group's log: the current one, and the last eight before it with the offset that survived of each
 * (R16).
 */
final class Epochs {

    /** Pairs of epoch and last offset that are kept (R16). */
    static final int KEPT = 8;

    private static final class Boundary {
        final String epoch;
        final long last;
        /** A position beyond {@code last} was seen: publications were lost here, and nobody may cross any more. */
        boolean lossy;

        Boundary(String epoch, long last, boolean lossy) {
            this.epoch = epoch;
            this.last = last;
            this.lossy = lossy;
        }
    }

    private String current;
    private List<Boundary> before = List.of();

    Epochs(String first) {
        current = first;
    }

    String current() {
        return current;
    }

    /**
     * A new epoch begins after {@code last}.
     *
     * @return the newest offset whose epoch is no longer known, 0 if all are
     */
    long begin(String epoch, long last) {
        if (before.isEmpty()) {
            before = new ArrayList<>(1);
        }
        before.add(new Boundary(current, last, false));
        current = epoch;
        return before.size() > KEPT ? before.remove(0).last : 0;
    }

    /** The epoch in which {@code offset} was given out; the offset must still be in the log. */
    String of(long offset) {
        for (Boundary boundary : before) {
            if (offset <= boundary.last) {
                return boundary.epoch;
            }
        }
        return current;
    }

    Position at(long offset) {
        return new Position(of(offset), offset);
    }

    /** Whether a log whose newest offset is {@code head} goes on from {@code after}, and if not, why. */
    Completeness continues(Position after, long head) {
        if (after.epoch().equals(current)) {
            return after.offset() > head ? Completeness.AHEAD : Completeness.COMPLETE;
        }
        int first = indexOf(after.epoch());
        if (first < 0 || after.offset() > before.get(first).last) {
            return Completeness.EPOCH_CHANGED;
        }
        boolean lost = before.subList(first, before.size()).stream().anyMatch(boundary -> boundary.lossy);
        return lost ? Completeness.EPOCH_CHANGED : Completeness.COMPLETE;
    }

    /** Whether {@code after} proves a loss that is not marked yet. */
    boolean provesLoss(Position after) {
        int index = indexOf(after.epoch());
        return index >= 0 && after.offset() > before.get(index).last && !before.get(index).lossy;
    }

    void markLossy(Position after) {
        if (provesLoss(after)) {
            before.get(indexOf(after.epoch())).lossy = true;
        }
    }

    /** Whether any of these is or was an epoch of this log. */
    boolean knowsAnyOf(Collection<String> epochs) {
        return epochs.stream().anyMatch(epoch -> epoch.equals(current) || indexOf(epoch) >= 0);
    }

    private int indexOf(String epoch) {
        for (int i = 0; i < before.size(); i++) {
            if (before.get(i).epoch.equals(epoch)) {
                return i;
            }
        }
        return -1;
    }

    void write(ObjectDataOutput out) throws IOException {
        out.writeString(current);
        out.writeByte(before.size());
        for (Boundary boundary : before) {
            out.writeString(boundary.epoch);
            out.writeLong(boundary.last);
            out.writeBoolean(boundary.lossy);
        }
    }

    static Epochs read(ObjectDataInput in) throws IOException {
        Epochs epochs = new Epochs(Wire.string(in));
        int count = in.readByte();
        if (count > 0) {
            epochs.before = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                epochs.before.add(new Boundary(Wire.string(in), in.readLong(), in.readBoolean()));
            }
        }
        return epochs;
    }
}

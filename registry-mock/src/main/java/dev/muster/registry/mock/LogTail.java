package dev.muster.registry.mock;

import dev.muster.registry.Publication;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The newest publications of one sort, oldest first, in a ring that doubles when it is full. */
final class LogTail {

    /** A publication, where it is, when it was accepted (ns), and how large it is. */
    record Logged(Publication publication, long offset, long acceptedAt) {

        int bytes() {
            return publication.payload().length();
        }
    }

    private static final int FIRST_CAPACITY = 4;

    private @Nullable Logged[] ring = new Logged[FIRST_CAPACITY];
    private int start;
    private int size;
    private long bytes;
    private long lostThrough;

    LogTail() {}

    LogTail(LogTail other) {
        ring = Arrays.copyOf(other.ring, other.ring.length);
        start = other.start;
        size = other.size;
        bytes = other.bytes;
        lostThrough = other.lostThrough;
    }

    void add(Logged logged) {
        if (size == ring.length) {
            grow();
        }
        ring[start + size & ring.length - 1] = logged;
        size++;
        bytes += logged.bytes();
    }

    private void grow() {
        @Nullable Logged[] larger = new Logged[ring.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[start + i & ring.length - 1];
        }
        ring = larger;
        start = 0;
    }

    int size() {
        return size;
    }

    /** Payload bytes of all that is kept. */
    long bytes() {
        return bytes;
    }

    /** The {@code i}th, counted from the oldest. */
    Logged get(int i) {
        Logged logged = i < 0 || i >= size ? null : ring[start + i & ring.length - 1];
        if (logged == null) {
            throw new IndexOutOfBoundsException(i);
        }
        return logged;
    }

    Logged oldest() {
        return get(0);
    }

    Logged newest() {
        return get(size - 1);
    }

    void dropOldest() {
        Logged oldest = oldest();
        lostThrough = oldest.offset();
        bytes -= oldest.bytes();
        ring[start] = null;
        start = start + 1 & ring.length - 1;
        size--;
    }

    /** The offset of the newest one that was dropped, 0 if none was. */
    long lostThrough() {
        return lostThrough;
    }

    /** Index of the first one after {@code offset}; the size if there is none. */
    int firstAfter(long offset) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (get(middle).offset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}

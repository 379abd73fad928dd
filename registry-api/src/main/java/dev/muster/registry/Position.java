package dev.muster.registry;

import java.util.Objects;

/**
 * A place in a group's log. Offsets of a group are dense and never restart within an epoch (R11); the epoch changes
 * whenever the backend may have lost or forked data, so that one position never names two publications (R16).
 *
 * <p>As the bound of an operation a position is exclusive: it stands for everything up to and including
 * {@code offset}, and what comes is what follows (R12).
 *
 * @param epoch opaque, compared for equality only, never empty, without {@code :} and white space
 * @param offset 0 for the start of the log, else the offset of a publication
 */
public record Position(String epoch, long offset) {

    public Position {
        Objects.requireNonNull(epoch, "epoch");
        if (epoch.isEmpty() || epoch.length() > 64 || epoch.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "epoch must be 1 to 64 characters without ':', but is \"" + Limits.shown(epoch) + "\"");
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative, but is " + offset);
        }
    }

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException if {@code text} is not {@code epoch:offset}
     */
    public static Position parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                return new Position(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
            }
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "position must be epoch:offset, but is \"" + Limits.shown(text) + "\"", malformed);
        }
        throw new IllegalArgumentException("position must be epoch:offset, but is \"" + Limits.shown(text) + "\"");
    }

    /** The position {@code offset} of the same epoch. */
    public Position at(long offset) {
        return new Position(epoch, offset);
    }

    /** {@code epoch:offset}. */
    @Override
    public String toString() {
        return epoch + ':' + offset;
    }
}

package dev.muster.node.session;

import dev.muster.registry.Slice;
import java.util.Locale;

/** Why a client does not get what it missed. */
public enum Miss {
    /** There is no such session: it has expired, or ended, or is somebody else's. */
    EXPIRED,
    /** The log does not continue the position: the registry lost data after it. */
    EPOCH_CHANGED,
    /** The log no longer has everything after the position. */
    TRIMMED,
    /** There was never anything at the position. */
    AHEAD,
    /** It is no position, or no number of messages. */
    BAD_POSITION,
    /** More than is given at once. */
    LIMIT,
    /** The room keeps no history. */
    DISABLED;

    /** As on the wire. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Miss of(Slice.Completeness why) {
        return switch (why) {
            case TRIMMED, COMPLETE -> TRIMMED;
            case EPOCH_CHANGED -> EPOCH_CHANGED;
            case AHEAD -> AHEAD;
        };
    }
}

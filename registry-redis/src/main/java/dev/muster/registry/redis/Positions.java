package dev.muster.registry.redis;

import dev.muster.registry.Position;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Positions as the scripts write them: generation (8 bytes) and creation of the group (6), which together are the
 * epoch, then the offset (6), all big end first.
 */
final class Positions {

    /** Bytes of an epoch. */
    static final int EPOCH_BYTES = 14;

    /** Bytes of a position. */
    static final int BYTES = 20;

    private static final HexFormat HEX = HexFormat.of();

    private long generation;
    private long creation = -1;
    private String epoch = "none";

    /** Reads the position at {@code at}. Remembers the epoch, so that the same one is the same string. */
    Position read(Buffer from, int at) {
        long generation = from.getLong(at);
        long creation = sixBytes(from, at + 8);
        if (creation != this.creation || generation != this.generation) {
            this.generation = generation;
            this.creation = creation;
            epoch = HEX.toHexDigits(generation) + '.' + HEX.toHexDigits(creation, 12);
        }
        return new Position(epoch, sixBytes(from, at + EPOCH_BYTES));
    }

    static Position of(Buffer from, int at) {
        return new Positions().read(from, at);
    }

    /** The bytes of the epoch; null if it cannot be one of this registry's. */
    static byte @Nullable [] epochBytes(Position position) {
        String epoch = position.epoch();
        if (epoch.length() != 29 || epoch.charAt(16) != '.') {
            return null;
        }
        try {
            return HEX.parseHex(epoch.substring(0, 16) + epoch.substring(17));
        } catch (IllegalArgumentException notHex) {
            return null;
        }
    }

    /** The bytes of the position; null if it cannot be one of this registry's. */
    static byte @Nullable [] bytes(Position position) {
        byte[] epoch = epochBytes(position);
        if (epoch == null || position.offset() >>> 48 != 0) {
            return null;
        }
        return Buffer.buffer(BYTES)
                .appendBytes(epoch)
                .appendShort((short) (position.offset() >>> 32))
                .appendInt((int) position.offset())
                .getBytes();
    }

    /** An unsigned number of six bytes. */
    static long sixBytes(Buffer from, int at) {
        return (long) from.getUnsignedShort(at) << 32 | from.getUnsignedInt(at + 2);
    }
}

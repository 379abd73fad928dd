package dev.muster.registry.redis;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import dev.muster.registry.codec.BodyCodec;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Publications as the logs keep them and the channels carry them, see {@code group.lua}. */
final class Entries {

    private Entries() {}

    /**
     * The publication that is all of {@code entry}. Its payload is a view.
     *
     * @throws RuntimeException if it is not one
     */
    static Publication decode(Buffer entry, Positions positions) {
        byte kind = entry.getByte(0);
        Position position = positions.read(entry, Frames.ENTRY_POSITION);
        long time = Positions.sixBytes(entry, Frames.ENTRY_TIME);
        return switch (kind) {
            case Frames.ENTRY -> BodyCodec.decode(entry, Frames.ENTRY_BODY, position, time);
            case Frames.JOINED -> Publication.ofMember(Kind.JOINED, member(entry), position, time);
            case Frames.LEFT -> Publication.ofMember(Kind.LEFT, member(entry), position, time);
            default -> throw new IllegalArgumentException("not an entry of a log: kind " + kind);
        };
    }

    /** Length of the id (1 byte), id, incarnation, record. */
    private static ConnectionRecord member(Buffer entry) {
        int idEnds = Frames.ENTRY_BODY + 1 + entry.getUnsignedByte(Frames.ENTRY_BODY);
        String id = entry.getString(Frames.ENTRY_BODY + 1, idEnds, StandardCharsets.US_ASCII.name());
        return Records.ofMember(id, entry, idEnds);
    }
}

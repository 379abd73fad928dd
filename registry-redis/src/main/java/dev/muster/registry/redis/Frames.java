package dev.muster.registry.redis;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * What goes over the channels. The first byte says what it is:
 *
 * <pre>
 * 1  an entry of a group's log, as group.lua writes it
 * 2  several of them, each after its length (4 bytes)
 * 3  an entry of the membership log: somebody joined     4  somebody left
 * 5  a publication without position: time (6 bytes), body
 * 6  memberships of a node (its owner mark, 16 bytes) were restored without publications
 * 7  bytes for a connection: length of its id (1), id, bytes
 * 8  a canary: number (8 bytes)                          9  a question whether anybody listens; not answered
 * </pre>
 */
final class Frames {

    static final byte ENTRY = 1;
    static final byte ENTRIES = 2;
    static final byte JOINED = 3;
    static final byte LEFT = 4;
    static final byte FAST = 5;
    static final byte MEMBERS_RESET = 6;
    static final byte SEND = 7;
    static final byte CANARY = 8;
    static final byte PROBE = 9;

    /** Offsets within an entry. */
    static final int ENTRY_POSITION = 1;

    static final int ENTRY_TIME = 27;
    static final int ENTRY_BODY = 39;

    /** Where the body of a publication without position begins. */
    static final int FAST_BODY = 7;

    private Frames() {}

    static Buffer fast(long timestamp, Buffer body) {
        return Buffer.buffer(FAST_BODY + body.length())
                .appendByte(FAST)
                .appendShort((short) (timestamp >>> 32))
                .appendInt((int) timestamp)
                .appendBuffer(body);
    }

    static Buffer send(String connectionId, Buffer payload) {
        byte[] id = connectionId.getBytes(StandardCharsets.UTF_8);
        return Buffer.buffer(2 + id.length + payload.length())
                .appendByte(SEND)
                .appendByte((byte) id.length)
                .appendBytes(id)
                .appendBuffer(payload);
    }

    static Buffer canary(long number) {
        return Buffer.buffer(9).appendByte(CANARY).appendLong(number);
    }

    static Buffer membersReset(String owner) {
        return Buffer.buffer(17).appendByte(MEMBERS_RESET).appendString(owner);
    }
}

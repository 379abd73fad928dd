package dev.muster.registry.redis;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.NodeId;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records as Redis keeps them: without the connection's id and the node's incarnation, which stand beside them anyway.
 * A member whose value has at most 64 bytes takes the server a fifth of the memory of a longer one.
 *
 * <pre>
 * version and flags  1 byte: version 1 in bits 4-7; bit 0 user, bit 1 client id, bits 2-3 transport (0 another, 1
 *                    websocket, 2 tcp)
 * connected at       6 bytes, ms since 1970
 * node name, display name, then if flagged: another transport, user, client id, as strings
 * </pre>
 *
 * A string is its length in bytes (1 byte, or 255 and 2 bytes), then UTF-8.
 */
final class Records {

    private static final int VERSION = 1 << 4;
    private static final int USER = 1;
    private static final int CLIENT_ID = 2;
    private static final int WEBSOCKET = 1 << 2;
    private static final int TCP = 2 << 2;
    private static final int TRANSPORT = 3 << 2;
    private static final int LONG = 255;

    /** Bytes of the owner that stands before the user in a connection's value. */
    private static final int OWNER_BYTES = 16;

    private Records() {}

    static Buffer encode(ConnectionRecord record) {
        String transport = record.transport();
        int transportFlag = transport.equals("websocket") ? WEBSOCKET : transport.equals("tcp") ? TCP : 0;
        int flags = VERSION
                | transportFlag
                | (record.user() == null ? 0 : USER)
                | (record.clientId() == null ? 0 : CLIENT_ID);
        long time = record.connectedAt().toEpochMilli();
        Buffer bytes = Buffer.buffer(64)
                .appendByte((byte) flags)
                .appendShort((short) (time >>> 32))
                .appendInt((int) time);
        append(bytes, record.node().name());
        append(bytes, record.displayName());
        append(bytes, transportFlag == 0 ? transport : null);
        append(bytes, record.user());
        append(bytes, record.clientId());
        return bytes;
    }

    private static void append(Buffer to, @Nullable String text) {
        if (text == null) {
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length < LONG) {
            to.appendByte((byte) utf8.length);
        } else {
            to.appendByte((byte) LONG).appendShort((short) utf8.length);
        }
        to.appendBytes(utf8);
    }

    /**
     * The record of {@code connectionId} that begins at {@code start}.
     *
     * @throws RuntimeException if it is not one of this version
     */
    static ConnectionRecord decode(String connectionId, long incarnation, Buffer bytes, int start) {
        Reader reader = new Reader(bytes, start);
        int flags = reader.flags();
        if ((flags & 0xf0) != VERSION) {
            throw new IllegalArgumentException("not a record of version 1");
        }
        Instant connectedAt = Instant.ofEpochMilli(reader.sixBytes());
        NodeId node = new NodeId(reader.text(), incarnation);
        String displayName = reader.text();
        String transport = switch (flags & TRANSPORT) {
            case WEBSOCKET -> "websocket";
            case TCP -> "tcp";
            default -> reader.text();
        };
        String user = (flags & USER) == 0 ? null : reader.text();
        String clientId = (flags & CLIENT_ID) == 0 ? null : reader.text();
        return new ConnectionRecord(connectionId, node, transport, user, clientId, displayName, connectedAt);
    }

    private static final class Reader {
        private final Buffer bytes;
        private int at;

        Reader(Buffer bytes, int start) {
            this.bytes = bytes;
            this.at = start;
        }

        int flags() {
            return bytes.getUnsignedByte(at++);
        }

        long sixBytes() {
            long value = Positions.sixBytes(bytes, at);
            at += 6;
            return value;
        }

        String text() {
            int length = bytes.getUnsignedByte(at++);
            if (length == LONG) {
                length = bytes.getUnsignedShort(at);
                at += 2;
            }
            String text = bytes.getString(at, at + length, StandardCharsets.UTF_8.name());
            at += length;
            return text;
        }
    }

    /** The record in a value of the hash of connections: owner (16 digits), length of the user (2), user, record. */
    static ConnectionRecord ofConnection(String connectionId, Buffer value) {
        long incarnation = Long.parseUnsignedLong(value.getString(0, OWNER_BYTES), 16);
        return decode(connectionId, incarnation, value, OWNER_BYTES + 2 + value.getUnsignedShort(OWNER_BYTES));
    }

    /** The record of a member: incarnation (8 bytes), record. */
    static ConnectionRecord ofMember(String connectionId, Buffer member, int start) {
        return decode(connectionId, member.getLong(start), member, start + Long.BYTES);
    }

    /** The members in an answer from its element {@code from} on: an id, then incarnation and record. */
    static List<ConnectionRecord> members(Response answer, int from) {
        List<ConnectionRecord> records = new ArrayList<>((answer.size() - from) / 2);
        for (int i = from; i + 1 < answer.size(); i += 2) {
            records.add(ofMember(answer.get(i).toString(), answer.get(i + 1).toBuffer(), 0));
        }
        return records;
    }
}

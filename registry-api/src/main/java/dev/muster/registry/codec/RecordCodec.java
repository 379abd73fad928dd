package dev.muster.registry.codec;

import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.Limits;
import dev.muster.registry.NodeId;
import dev.muster.registry.codec.BodyCodec.Wire;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ConnectionRecord} as bytes: version 1, flags (bit 0 user, bit 1 client id, bit 2 display name is
 * the user), the time in ms as 8 bytes big endian, then connection id, node, transport, display name unless it is the
 * user, and the flagged ones as strings as in {@link BodyCodec}. User and client id of 128 characters each fit with
 * any script: that is what bit 2 is for.
 */
public final class RecordCodec {

    private static final byte VERSION = 1;
    private static final int USER = 1;
    private static final int CLIENT_ID = 2;
    private static final int NAME_IS_USER = 4;

    private RecordCodec() {}

    /**
     * The bytes of {@code record}.
     *
     * @throws IllegalArgumentException if they are more than {@link Limits#MAX_RECORD_BYTES}
     */
    public static Buffer encode(ConnectionRecord record) {
        boolean nameIsUser = record.displayName().equals(record.user());
        int flags = (record.user() == null ? 0 : USER)
                | (record.clientId() == null ? 0 : CLIENT_ID)
                | (nameIsUser ? NAME_IS_USER : 0);
        Buffer bytes = Buffer.buffer(128);
        bytes.appendByte(VERSION).appendByte((byte) flags);
        bytes.appendLong(record.connectedAt().toEpochMilli());
        Wire.string(bytes, record.connectionId());
        Wire.string(bytes, record.node().toString());
        Wire.string(bytes, record.transport());
        if (!nameIsUser) {
            Wire.string(bytes, record.displayName());
        }
        optional(bytes, record.user());
        optional(bytes, record.clientId());
        if (bytes.length() > Limits.MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("a connection's record must have at most " + Limits.MAX_RECORD_BYTES
                    + " bytes, but that of " + record.connectionId() + " has " + bytes.length());
        }
        return bytes;
    }

    /**
     * The record whose bytes start at {@code start}; it ends where {@code bytes} end.
     *
     * @throws IllegalArgumentException if it is not a record of this version
     */
    public static ConnectionRecord decode(Buffer bytes, int start) {
        Wire.Reader reader = new Wire.Reader(bytes, start);
        if (reader.unsignedByte() != VERSION) {
            throw new IllegalArgumentException("not a connection record of version " + VERSION);
        }
        int flags = reader.unsignedByte();
        Instant connectedAt = Instant.ofEpochMilli(reader.longValue());
        String connectionId = reader.string();
        NodeId node = NodeId.parse(reader.string());
        String transport = reader.string();
        String displayName = (flags & NAME_IS_USER) == 0 ? reader.string() : null;
        String user = (flags & USER) == 0 ? null : reader.string();
        if (displayName == null) {
            displayName = user;
        }
        if (displayName == null) {
            throw new IllegalArgumentException("a connection record whose name is its user, but has none");
        }
        String clientId = (flags & CLIENT_ID) == 0 ? null : reader.string();
        return new ConnectionRecord(connectionId, node, transport, user, clientId, displayName, connectedAt);
    }

    private static void optional(Buffer to, @Nullable String text) {
        if (text != null) {
            Wire.string(to, text);
        }
    }
}

package dev.muster.node.directory;

import dev.muster.node.connection.CloseReason;
import dev.muster.node.connection.Connection;
import dev.muster.registry.ContentType;
import dev.muster.registry.Limits;
import io.vertx.core.buffer.Buffer;

/**
 * What one node asks another to do with one of its connections, as bytes: a kind, then what the kind needs.
 *
 * <pre>
 * text    0, UTF-8
 * binary  1, bytes
 * json    2, UTF-8
 * close   3, code as 2 bytes big endian, text as UTF-8
 * note    4, bytes
 * </pre>
 */
sealed interface Envelope {

    /** Bytes in front of a payload. */
    int OVERHEAD = 1;

    /** Hands the connection a message. */
    record Deliver(ContentType contentType, Buffer payload) implements Envelope {
        @Override
        public void open(Connection connection) {
            if (contentType == ContentType.BINARY) {
                connection.sendBinary(payload);
            } else {
                connection.sendText(payload.toString());
            }
        }

        @Override
        public Buffer toBytes() {
            return Buffer.buffer(OVERHEAD + payload.length())
                    .appendByte(kind(contentType))
                    .appendBuffer(payload);
        }
    }

    /** Closes the connection. */
    record Close(CloseReason reason) implements Envelope {
        @Override
        public void open(Connection connection) {
            connection.close(reason);
        }

        @Override
        public Buffer toBytes() {
            return Buffer.buffer()
                    .appendByte(CLOSE)
                    .appendUnsignedShort(reason.code())
                    .appendString(reason.text());
        }
    }

    /** Something about the connection that is for its node, not for its client. */
    record Note(Buffer bytes) implements Envelope {
        @Override
        public void open(Connection connection) {
            throw new IllegalStateException("a note is not for the client");
        }

        @Override
        public Buffer toBytes() {
            return Buffer.buffer(OVERHEAD + bytes.length()).appendByte(NOTE).appendBuffer(bytes);
        }
    }

    /** Does it. */
    void open(Connection connection);

    /** What {@link #parse} reads. */
    Buffer toBytes();

    /** The kind of {@link Close}. */
    byte CLOSE = 3;

    /** The kind of {@link Note}. */
    byte NOTE = 4;

    /** Reads what {@link #toBytes} wrote. */
    static Envelope parse(Buffer bytes) {
        if (bytes.length() < OVERHEAD) {
            throw new IllegalArgumentException("an empty envelope");
        }
        Buffer rest = bytes.slice(OVERHEAD, bytes.length());
        return switch (bytes.getByte(0)) {
            case 0 -> new Deliver(ContentType.TEXT, rest);
            case 1 -> new Deliver(ContentType.BINARY, rest);
            case 2 -> new Deliver(ContentType.JSON, rest);
            case CLOSE -> close(rest);
            case NOTE -> new Note(rest);
            default -> throw new IllegalArgumentException("an envelope of unknown kind " + bytes.getByte(0));
        };
    }

    private static Envelope close(Buffer rest) {
        if (rest.length() < Short.BYTES) {
            throw new IllegalArgumentException("an envelope that ends in the middle");
        }
        String text = rest.getString(Short.BYTES, rest.length());
        return new Close(new CloseReason(rest.getUnsignedShort(0), Limits.shown(text)));
    }

    private static byte kind(ContentType contentType) {
        return switch (contentType) {
            case TEXT -> 0;
            case BINARY -> 1;
            case JSON -> 2;
        };
    }
}

package dev.muster.registry.codec;

import dev.muster.registry.ContentType;
import dev.muster.registry.Draft;
import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.Publication.Kind;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a publication that is known before it has a position: a registry puts position and time in front, in
 * whatever form suits it, and never touches the body again.
 *
 * <pre>
 * version   1 byte, 1
 * flags     1 byte: bits 0-1 content type, bits 2-3 kind, bit 4 sender, bit 5 key, bit 6 headers
 * sender    if flagged: string
 * key       if flagged: string
 * headers   if flagged: varint count, then key and value of each as strings
 * payload   all the rest
 * </pre>
 *
 * A string is its length in bytes as a varint (7 bits a byte, low first), then UTF-8.
 */
public final class BodyCodec {

    private static final byte VERSION = 1;

    /** What sender and headers of a usual message take, so that the buffer seldom grows. */
    private static final int ROOM_FOR_HEADERS = 160;

    private static final int SENDER = 1 << 4;
    private static final int KEY = 1 << 5;
    private static final int HEADERS = 1 << 6;
    private static final ContentType[] CONTENT_TYPES = {ContentType.TEXT, ContentType.BINARY, ContentType.JSON};
    private static final Kind[] KINDS = {Kind.MESSAGE, Kind.PUT, Kind.REMOVE};

    private BodyCodec() {}

    /** The body of {@code draft}. The payload is copied once; nothing of the draft is kept. */
    public static Buffer encode(Draft draft) {
        Draft.EntryChange change = draft.change();
        String sender = draft.sender();
        Map<String, String> headers = draft.headers();
        int flags = code(draft.contentType())
                | code(draft.kind()) << 2
                | (sender == null ? 0 : SENDER)
                | (change == null ? 0 : KEY)
                | (headers.isEmpty() ? 0 : HEADERS);
        Buffer body = Buffer.buffer(ROOM_FOR_HEADERS + draft.payload().length());
        body.appendByte(VERSION).appendByte((byte) flags);
        if (sender != null) {
            Wire.string(body, sender);
        }
        if (change != null) {
            Wire.string(body, change.key());
        }
        if (!headers.isEmpty()) {
            Wire.varint(body, headers.size());
            headers.forEach((name, value) -> {
                Wire.string(body, name);
                Wire.string(body, value);
            });
        }
        return body.appendBuffer(draft.payload());
    }

    /**
     * The publication whose body is {@code bytes} from {@code start} to the end. The payload is a view of
     * {@code bytes}, not a copy.
     *
     * @param position null for a fast one
     * @throws IllegalArgumentException if it is not a body of this version
     */
    public static Publication decode(Buffer bytes, int start, @Nullable Position position, long timestamp) {
        Wire.Reader reader = new Wire.Reader(bytes, start);
        if (reader.unsignedByte() != VERSION) {
            throw new IllegalArgumentException("not a publication body of version " + VERSION);
        }
        int flags = reader.unsignedByte();
        int contentType = flags & 3;
        int kind = flags >> 2 & 3;
        if (contentType >= CONTENT_TYPES.length || kind >= KINDS.length || flags > 0x7f) {
            throw new IllegalArgumentException("unknown flags in a publication body: " + flags);
        }
        String sender = (flags & SENDER) == 0 ? null : reader.string();
        String key = (flags & KEY) == 0 ? null : reader.string();
        Map<String, String> headers = (flags & HEADERS) == 0 ? Map.of() : headers(reader);
        return new Publication(
                KINDS[kind],
                position,
                timestamp,
                sender,
                CONTENT_TYPES[contentType],
                reader.rest(),
                headers,
                key,
                null);
    }

    private static int code(ContentType contentType) {
        return switch (contentType) {
            case TEXT -> 0;
            case BINARY -> 1;
            case JSON -> 2;
        };
    }

    private static int code(Kind kind) {
        return switch (kind) {
            case MESSAGE -> 0;
            case PUT -> 1;
            case REMOVE -> 2;
            case JOINED, LEFT -> throw new IllegalArgumentException("a draft never becomes " + kind);
        };
    }

    private static Map<String, String> headers(Wire.Reader reader) {
        int count = reader.varint();
        if (count > reader.remaining()) {
            throw new IllegalArgumentException("a publication body announces " + count + " headers");
        }
        Map<String, String> headers = new HashMap<>(count * 2);
        for (int i = 0; i < count; i++) {
            headers.put(reader.string(), reader.string());
        }
        return headers;
    }

    /** Varints and strings, for this package. */
    static final class Wire {

        private Wire() {}

        static void varint(Buffer to, int value) {
            int rest = value;
            while ((rest & ~0x7f) != 0) {
                to.appendByte((byte) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            to.appendByte((byte) rest);
        }

        static void string(Buffer to, String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            varint(to, utf8.length);
            to.appendBytes(utf8);
        }

        static final class Reader {
            private final Buffer bytes;
            private int at;

            Reader(Buffer bytes, int start) {
                this.bytes = bytes;
                this.at = start;
            }

            int remaining() {
                return bytes.length() - at;
            }

            int unsignedByte() {
                if (remaining() < 1) {
                    throw new IllegalArgumentException("ends in the middle");
                }
                return bytes.getUnsignedByte(at++);
            }

            int varint() {
                int value = 0;
                for (int shift = 0; shift < 35; shift += 7) {
                    int next = unsignedByte();
                    value |= (next & 0x7f) << shift;
                    if (next < 0x80) {
                        if (value < 0) {
                            break;
                        }
                        return value;
                    }
                }
                throw new IllegalArgumentException("a length does not fit 31 bits");
            }

            long longValue() {
                if (remaining() < Long.BYTES) {
                    throw new IllegalArgumentException("ends in the middle");
                }
                long value = bytes.getLong(at);
                at += Long.BYTES;
                return value;
            }

            String string() {
                int length = varint();
                if (length > remaining()) {
                    throw new IllegalArgumentException(
                            "announces " + length + " bytes, but " + remaining() + " are left");
                }
                String text = bytes.getString(at, at + length, "UTF-8");
                at += length;
                return text;
            }

            Buffer rest() {
                return at == 0 ? bytes : bytes.slice(at, bytes.length());
            }
        }
    }
}

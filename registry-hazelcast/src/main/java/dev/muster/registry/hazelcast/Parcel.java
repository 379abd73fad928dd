package dev.muster.registry.hazelcast;

import dev.muster.registry.Position;
import dev.muster.registry.Publication;
import dev.muster.registry.codec.BodyCodec;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What one member sends another's node, as bytes that are made once for all receivers.
 *
 * <pre>
 * kind           1 byte
 * PUBLICATIONS   group, epoch, count (4), then for each: offset (8), time (8), sort (1), length (4), body
 * FAST           group, time (8), body
 * BROADCAST      time (8), body
 * SEND           connection id, payload
 * </pre>
 *
 * A text is its length in bytes of UTF-8 (2), then those.
 */
final class Parcel {

    private static final byte PUBLICATIONS = 1;
    private static final byte FAST = 2;
    private static final byte BROADCAST = 3;
    private static final byte SEND = 4;

    private Parcel() {}

    /** Who takes what a parcel holds. */
    interface Receiver {

        void publication(String group, Publication publication);

        void broadcast(Publication publication);

        void send(String connectionId, Buffer payload);
    }

    static byte[] publications(String group, String epoch, List<Logged> logged) {
        byte[] name = utf8(group);
        byte[] epochName = utf8(epoch);
        int size = 1 + 2 + name.length + 2 + epochName.length + 4;
        for (Logged each : logged) {
            size += 21 + each.body().length;
        }
        ByteBuffer parcel = ByteBuffer.allocate(size);
        parcel.put(PUBLICATIONS);
        put(parcel, name);
        put(parcel, epochName);
        parcel.putInt(logged.size());
        for (Logged each : logged) {
            parcel.putLong(each.offset());
            parcel.putLong(each.time());
            parcel.put(each.sort());
            parcel.putInt(each.body().length);
            parcel.put(each.body());
        }
        return parcel.array();
    }

    static byte[] fast(String group, long time, Buffer body) {
        byte[] name = utf8(group);
        ByteBuffer parcel = ByteBuffer.allocate(1 + 2 + name.length + 8 + body.length());
        parcel.put(FAST);
        put(parcel, name);
        parcel.putLong(time);
        parcel.put(body.getBytes());
        return parcel.array();
    }

    static byte[] broadcast(long time, Buffer body) {
        return ByteBuffer.allocate(1 + 8 + body.length())
                .put(BROADCAST)
                .putLong(time)
                .put(body.getBytes())
                .array();
    }

    static byte[] send(String connectionId, Buffer payload) {
        byte[] id = utf8(connectionId);
        ByteBuffer parcel = ByteBuffer.allocate(1 + 2 + id.length + payload.length());
        parcel.put(SEND);
        put(parcel, id);
        parcel.put(payload.getBytes());
        return parcel.array();
    }

    /**
     * Hands over what is in {@code parcel}; payloads are views of it.
     *
     * @throws IllegalArgumentException if it is not a parcel
     */
    static void unpack(byte[] parcel, Receiver receiver) {
        Reader reader = new Reader(parcel);
        byte kind = reader.next();
        switch (kind) {
            case PUBLICATIONS -> {
                String group = reader.text();
                String epoch = reader.text();
                for (int left = reader.number(); left > 0; left--) {
                    Position position = new Position(epoch, reader.large());
                    long time = reader.large();
                    byte sort = reader.next();
                    receiver.publication(group, Logged.decode(sort, reader.part(reader.number()), position, time));
                }
            }
            case FAST -> {
                String group = reader.text();
                long time = reader.large();
                receiver.publication(group, BodyCodec.decode(reader.rest(), 0, null, time));
            }
            case BROADCAST -> {
                long time = reader.large();
                receiver.broadcast(BodyCodec.decode(reader.rest(), 0, null, time));
            }
            case SEND -> receiver.send(reader.text(), reader.rest());
            default -> throw new IllegalArgumentException("unknown kind of parcel: " + kind);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ByteBuffer parcel, byte[] text) {
        parcel.putShort((short) text.length);
        parcel.put(text);
    }

    /** Reads a parcel; whatever does not fit it is refused. */
    private static final class Reader {
        private final Buffer bytes;
        private int at;

        Reader(byte[] parcel) {
            bytes = Bytes.view(parcel);
        }

        private int take(int count) {
            if (count < 0 || count > bytes.length() - at) {
                throw new IllegalArgumentException("a parcel ends in the middle");
            }
            int from = at;
            at += count;
            return from;
        }

        byte next() {
            return bytes.getByte(take(1));
        }

        int number() {
            return bytes.getInt(take(4));
        }

        long large() {
            return bytes.getLong(take(8));
        }

        String text() {
            int length = bytes.getUnsignedShort(take(2));
            int from = take(length);
            return bytes.getString(from, from + length, "UTF-8");
        }

        Buffer part(int length) {
            int from = take(length);
            return bytes.slice(from, from + length);
        }

        Buffer rest() {
            return part(bytes.length() - at);
        }
    }
}

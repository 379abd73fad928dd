package dev.muster.node.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A game client that speaks of entities in packets, written from the documentation alone: nothing of the node's own codec
 * is used, so that both can be wrong only in different ways.
 */
final class Game implements AutoCloseable {

    static final String CLIENT = "eventwork_sync::messages::SyncClientMessage";
    static final String SERVER = "eventwork_sync::messages::SyncServerMessage";
    static final String TAKE = "eventwork_sync::control::ControlRequest";
    static final String TAKEN = "eventwork_sync::control::ControlResponse";

    private static final long CLIENT_HASH = 0xd5112cc65bc742e7L;
    private static final long SERVER_HASH = 0x78cf513557792343L;
    private static final long TAKE_HASH = 0x86d5c173752f4341L;
    private static final long TAKEN_HASH = 0x1f777d438d191f74L;

    private final TcpClient tcp;

    Game(int port) {
        tcp = new TcpClient(port);
    }

    /** Bytes one after another. */
    static final class Out {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Out raw(byte... more) {
            bytes.writeBytes(more);
            return this;
        }

        /** An unsigned integer of 16 bits or more. */
        Out u(long value) {
            if (Long.compareUnsigned(value, 250) <= 0) {
                return raw((byte) value);
            }
            int size = Long.compareUnsigned(value, 0xFFFF) <= 0
                    ? 2
                    : Long.compareUnsigned(value, 0xFFFF_FFFFL) <= 0 ? 4 : 8;
            raw((byte) (size == 2 ? 0xFB : size == 4 ? 0xFC : 0xFD));
            for (int i = 0; i < size; i++) {
                raw((byte) (value >>> 8 * i));
            }
            return this;
        }

        Out bytes(byte[] value) {
            return u(value.length).raw(value);
        }

        Out text(String value) {
            return bytes(value.getBytes(StandardCharsets.UTF_8));
        }

        Out f32(float value) {
            return raw(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(value)
                    .array());
        }

        byte[] done() {
            return bytes.toByteArray();
        }
    }

    /** Bytes taken off one after another. */
    static final class In {
        private final ByteBuffer bytes;

        In(byte[] bytes) {
            this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        long u() {
            int first = bytes.get() & 0xFF;
            return switch (first) {
                case 0xFB -> bytes.getShort() & 0xFFFF;
                case 0xFC -> bytes.getInt() & 0xFFFF_FFFFL;
                case 0xFD -> bytes.getLong();
                default -> first;
            };
        }

        byte[] bytes() {
            byte[] taken = new byte[(int) u()];
            bytes.get(taken);
            return taken;
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        boolean option() {
            return bytes.get() == 1;
        }

        boolean isEmpty() {
            return !bytes.hasRemaining();
        }
    }

    // ---- to the server ----

    Game packet(String type, long hash, byte[] data) {
        byte[] packet = new Out().text(type).u(hash).bytes(data).done();
        tcp.send(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(packet.length)
                        .array(),
                packet);
        return this;
    }

    Game say(Out data) {
        return packet(CLIENT, CLIENT_HASH, data.done());
    }

    Game subscribe(long id, String component, Long entity) {
        Out data = new Out().u(0).u(id).text(component);
        return say(entity == null ? data.raw((byte) 0) : data.raw((byte) 1).u(entity));
    }

    Game unsubscribe(long id) {
        return say(new Out().u(1).u(id));
    }

    Game mutate(long request, long entity, String component, byte[] value) {
        return say(new Out()
                .u(2)
                .raw((byte) 1)
                .u(request)
                .u(entity)
                .text(component)
                .bytes(value));
    }

    Game query(long id, String namespace, String params, boolean live) {
        return say(new Out().u(3).u(id).text(namespace).text(params).u(live ? 1 : 0));
    }

    Game control(boolean take, long entity) {
        return packet(TAKE, TAKE_HASH, new Out().u(take ? 0 : 1).u(entity).done());
    }

    // ---- from the server ----

    /** The next packet's data; it has to be of that type. */
    byte[] heard(String type) {
        byte[] length = tcp.raw(8);
        In packet = new In(tcp.raw(
                (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()));
        String name = packet.text();
        long hash = packet.u();
        byte[] data = packet.bytes();
        if (!name.equals(type) || !packet.isEmpty() || hash != (type.equals(SERVER) ? SERVER_HASH : TAKEN_HASH)) {
            throw new AssertionError(
                    "unexpected packet " + name + " " + HexFormat.of().formatHex(data));
        }
        return data;
    }

    /** The next packet about entities, in words. */
    List<String> next() {
        In data = new In(heard(SERVER));
        List<String> words = new ArrayList<>();
        long variant = data.u();
        if (variant == 0) {
            for (long left = data.u(); left > 0; left--) {
                words.add(item(data));
            }
        } else if (variant == 1) {
            String id = data.option() ? Long.toUnsignedString(data.u()) : "-";
            words.add("answer " + id + " " + data.u() + (data.option() ? " " + data.text() : ""));
        } else {
            words.add("rows " + data.u() + " " + data.u());
            if (data.option()) {
                for (long left = data.u(); left > 0; left--) {
                    words.add(data.text());
                }
            }
            if (data.option()) {
                words.add("error " + data.text());
            }
        }
        if (!data.isEmpty()) {
            throw new AssertionError("more than it says: " + words);
        }
        return words;
    }

    private static String item(In data) {
        long op = data.u();
        String item = op + " " + data.u() + " " + Long.toUnsignedString(data.u());
        if (op < 3) {
            item += " " + data.text();
        }
        return op < 2 ? item + " " + HexFormat.of().formatHex(data.bytes()) : item;
    }

    /** Until an item or an answer is there. */
    String until(String start) {
        while (true) {
            for (String word : next()) {
                if (word.startsWith(start)) {
                    return word;
                }
            }
        }
    }

    /** The next answer about control, as its number and what follows. */
    String controlled() {
        In data = new In(heard(TAKEN));
        long variant = data.u();
        return variant + (variant == 2 ? " " + data.u() : variant == 4 ? " " + data.text() : "");
    }

    TcpClient tcp() {
        return tcp;
    }

    @Override
    public void close() {
        tcp.close();
    }
}

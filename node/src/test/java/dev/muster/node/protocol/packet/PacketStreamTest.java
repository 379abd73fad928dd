package dev.muster.node.protocol.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.protocol.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketStreamTest {

    /** As the protocol's description has it. */
    private static final String EXAMPLE = "2b00000000000000"
            + "1d7368617265645f74797065733a3a55736572436861744d657373616765" + "fded102362ec6aacb6" + "03026869";

    private final PacketStream stream = new PacketStream(Packet.MAX_BYTES);

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    private static String le(long length) {
        return ByteBufUtil.hexDump(Unpooled.buffer(8).writeLongLE(length));
    }

    private static List<String> read(PacketStream stream) throws PacketStream.TooLong {
        List<String> packets = new ArrayList<>();
        for (ByteBuf next = stream.next(); next != null; next = stream.next()) {
            packets.add(ByteBufUtil.hexDump(next));
        }
        return packets;
    }

    @Test
    @DisplayName("the example of the protocol is read and written byte for byte")
    void example() throws Exception {
        stream.add(bytes(EXAMPLE));
        Packet packet = Packet.read(stream.next());
        assertThat(packet.type()).isEqualTo(PacketType.USER_CHAT_MESSAGE);
        assertThat(ByteBufUtil.hexDump(packet.data())).isEqualTo("026869");
        assertThat(stream.next()).isNull();

        ByteBuf written = Packet.of(PacketType.USER_CHAT_MESSAGE, Payload.utf8("hi"));
        assertThat(ByteBufUtil.hexDump(written)).isEqualTo(EXAMPLE);
        assertThat(written.capacity()).isEqualTo(EXAMPLE.length() / 2);
    }

    @Test
    @DisplayName("an answer of two strings has the room it needs")
    void twoStrings() throws BincodeException {
        ByteBuf written =
                Packet.of(PacketType.NEW_CHAT_MESSAGE, Payload.utf8("John Doe"), Payload.utf8("x".repeat(300)));
        assertThat(written.writableBytes()).isZero();
        assertThat(written.readLongLE()).isEqualTo(written.readableBytes());
        Packet packet = Packet.read(written);
        assertThat(packet.type()).isEqualTo(PacketType.NEW_CHAT_MESSAGE);
        assertThat(packet.data().toString(StandardCharsets.US_ASCII))
                .contains("John Doe")
                .endsWith("xxx");
    }

    @ParameterizedTest
    @DisplayName("a packet may be cut anywhere, and several may come at once")
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 50, 51, 52, 101, 102, 103, 153, 1000})
    void cut(int step) throws PacketStream.TooLong {
        String three = EXAMPLE + le(0) + EXAMPLE + EXAMPLE;
        ByteBuf all = bytes(three);
        List<String> packets = new ArrayList<>();
        while (all.isReadable()) {
            stream.add(Unpooled.copiedBuffer(all.readSlice(Math.min(step, all.readableBytes()))));
            packets.addAll(read(stream));
        }
        String packet = EXAMPLE.substring(16);
        assertThat(packets).containsExactly(packet, "", packet, packet);
    }

    @Test
    @DisplayName("what is not read yet stays, in order, when more comes")
    void unread() throws PacketStream.TooLong {
        stream.add(bytes(le(1) + "01" + le(1)));
        stream.add(bytes("02" + le(1) + "03"));
        assertThat(read(stream)).containsExactly("01", "02", "03");
    }

    @ParameterizedTest
    @DisplayName("a length over the limit is refused as soon as it is here, whole or in pieces")
    @ValueSource(longs = {Packet.MAX_BYTES + 1L, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void tooLong(long length) throws PacketStream.TooLong {
        stream.add(bytes(le(length)));
        assertThatExceptionOfType(PacketStream.TooLong.class)
                .isThrownBy(stream::next)
                .withMessageContaining(Long.toUnsignedString(length));
        PacketStream other = new PacketStream(Packet.MAX_BYTES);
        other.add(bytes(le(length).substring(0, 14)));
        assertThat(other.next()).isNull();
        other.add(bytes(le(length).substring(14)));
        assertThatExceptionOfType(PacketStream.TooLong.class).isThrownBy(other::next);
    }

    @Test
    @DisplayName("the largest packet passes, and takes memory only as it comes")
    void largest() throws PacketStream.TooLong {
        stream.add(Unpooled.buffer(8).writeLongLE(Packet.MAX_BYTES));
        assertThat(stream.next()).isNull();
        assertThat(stream.keptBytes()).isLessThanOrEqualTo(256);
        byte[] piece = new byte[64 << 10];
        int pieces = Packet.MAX_BYTES / piece.length;
        for (int i = 1; i < pieces; i++) {
            stream.add(Unpooled.wrappedBuffer(piece));
            assertThat(stream.next()).isNull();
            assertThat(stream.keptBytes()).isLessThanOrEqualTo(2 * i * piece.length + (4 << 20));
        }
        stream.add(Unpooled.wrappedBuffer(piece));
        assertThat(stream.next().readableBytes()).isEqualTo(Packet.MAX_BYTES);
        assertThat(stream.keptBytes()).isZero();
    }

    @Test
    @DisplayName("a type is found by its name, else by its hash")
    void types() {
        ByteBuf elsewhere = Payload.utf8("game::chat::UserChatMessage");
        assertThat(PacketType.of(Payload.utf8("shared_types::UserChatMessage"), 1))
                .isEqualTo(PacketType.USER_CHAT_MESSAGE);
        assertThat(PacketType.of(elsewhere, 0xb6ac6aec622310edL)).isEqualTo(PacketType.USER_CHAT_MESSAGE);
        assertThat(PacketType.of(Payload.utf8("shared_types::UserChatMessage"), PacketType.NEW_CHAT_MESSAGE.hash()))
                .isEqualTo(PacketType.USER_CHAT_MESSAGE);
        assertThat(PacketType.of(elsewhere, 1)).isNull();
        assertThat(PacketType.of(Unpooled.EMPTY_BUFFER, 0)).isNull();
    }

    @Property(tries = 2000)
    void how_bytes_are_cut_changes_nothing(
            @ForAll @Size(max = 200) List<@Size(max = 30) byte[]> packets,
            @ForAll @IntRange(min = 1, max = 99) int step)
            throws PacketStream.TooLong {
        ByteBuf all = Unpooled.buffer();
        List<String> expected = new ArrayList<>();
        for (byte[] packet : packets) {
            all.writeLongLE(packet.length).writeBytes(packet);
            expected.add(ByteBufUtil.hexDump(packet));
        }
        PacketStream cut = new PacketStream(100);
        List<String> got = new ArrayList<>();
        while (all.isReadable()) {
            cut.add(Unpooled.copiedBuffer(all.readSlice(Math.min(step, all.readableBytes()))));
            got.addAll(read(cut));
        }
        assertThat(got).isEqualTo(expected);
    }

    @Property(tries = 3000)
    void random_bytes_are_packets_or_refused(@ForAll @Size(max = 100) byte[] bytes) {
        try {
            Packet.read(Unpooled.wrappedBuffer(bytes));
        } catch (BincodeException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
        PacketStream random = new PacketStream(50);
        random.add(Unpooled.wrappedBuffer(bytes));
        try {
            read(random);
        } catch (PacketStream.TooLong refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
        assertThat(random.keptBytes()).isLessThanOrEqualTo(58);
    }
}

package dev.muster.node.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.node.transport.RawSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets over both of their transports: cut anywhere they mean the same, and what cannot be read ends the connection. */
class PacketTableTest {

    @RegisterExtension
    static final Target TARGET = new Target("packets", node -> node.option("tcp-port", "0"));

    /** Where packet connections are. */
    private static final String ROOM = "lobby";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final long CHAT_HASH = 0xb6ac6aec622310edL;
    private static final String CHAT = "shared_types::UserChatMessage";

    /** {@code UserChatMessage{"hi"}}, byte by byte. */
    private static final byte[] HI = HexFormat.of()
            .parseHex("2b000000000000001d7368617265645f74797065733a3a55736572436861744d657373616765"
                    + "fded102362ec6aacb603026869");

    private static final byte[] HI_HO = join(HI, chat("ho"));

    private enum Wire {
        WEBSOCKET {
            @Override
            RawSocket open() throws IOException {
                return RawSocket.open(TARGET.port(), "/ws/packet");
            }

            @Override
            void send(RawSocket client, byte[] bytes) throws IOException {
                client.send(RawSocket.frame(0x82, bytes));
            }
        },
        TCP {
            @Override
            RawSocket open() throws IOException {
                return new RawSocket(TARGET.tcpPort());
            }

            @Override
            void send(RawSocket client, byte[] bytes) throws IOException {
                client.send(bytes);
            }
        };

        abstract RawSocket open() throws IOException;

        abstract void send(RawSocket client, byte[] bytes) throws IOException;

        String transport() {
            return this == TCP ? "tcp" : "websocket";
        }
    }

    /**
     * @param code the close code; 0 if the connection stays
     * @param counted the code of the bad input
     */
    private record Row(String name, byte[] bytes, int code, String counted) {
        @Override
        public String toString() {
            return name + " → " + (code == 0 ? "stays" : code) + ", " + counted;
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] length(long length) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
    }

    private static byte[] framed(byte[] packet) {
        return join(length(packet.length), packet);
    }

    private static byte[] varint(long hash) {
        return join(
                new byte[] {(byte) 0xFD},
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(hash)
                        .array());
    }

    private static byte[] packet(String type, long hash, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.UTF_8);
        return framed(join(new byte[] {(byte) name.length}, name, varint(hash), new byte[] {(byte) data.length}, data));
    }

    private static byte[] chat(String text) {
        return packet(CHAT, CHAT_HASH, string(text));
    }

    private static byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return join(new byte[] {(byte) utf8.length}, utf8);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (long length :
                new long[] {(10 << 20) + 1, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            rows.add(new Row("length " + Long.toUnsignedString(length), length(length), 1009, "too_big"));
        }
        rows.add(new Row("nothing in a packet", framed(new byte[0]), 1002, "invalid_message"));
        rows.add(new Row("a name and no more", framed(string("x")), 1002, "invalid_message"));
        rows.add(new Row("a name longer than its packet", framed(hex("fa61")), 1002, "invalid_message"));
        rows.add(new Row("a name of 2^64 - 1 bytes", framed(hex("fdffffffffffffffff61")), 1002, "invalid_message"));
        rows.add(new Row("a name of 2^128 bytes", framed(hex("fe" + "ff".repeat(16))), 1002, "invalid_message"));
        rows.add(new Row("no integer", framed(hex("ff00000000")), 1002, "invalid_message"));
        rows.add(new Row("a name that is not UTF-8", framed(hex("01ff0000")), 1002, "invalid_message"));
        rows.add(new Row("data longer than its packet", framed(hex("01610005aa")), 1002, "invalid_message"));
        rows.add(new Row("something behind the data", framed(hex("0161000000")), 1002, "invalid_message"));
        rows.add(new Row("a text that is not UTF-8", packet(CHAT, CHAT_HASH, hex("01ff")), 1002, "invalid_message"));
        rows.add(new Row("a text that is cut", packet(CHAT, CHAT_HASH, hex("0568")), 1002, "invalid_message"));
        rows.add(new Row("a text without a length", packet(CHAT, CHAT_HASH, new byte[0]), 1002, "invalid_message"));
        for (String type :
                new String[] {"", "x", "shared_types::userchatmessage", "__proto__", "</script>", "\uD83D\uDE0A"}) {
            rows.add(new Row("type " + type, packet(type, 7, string("hi")), 0, "unknown_type"));
        }
        rows.add(new Row(
                "what only the server says",
                packet("shared_types::NewChatMessage", 0xecf033d2569f80feL, join(string("Ann"), string("hi"))),
                0,
                "forbidden"));
        return rows;
    }

    static Stream<Arguments> table() {
        return Stream.of(Wire.values()).flatMap(wire -> rows().stream().map(row -> Arguments.of(wire, row)));
    }

    @ParameterizedTest(name = "[{index}] {0}: {1}")
    @MethodSource("table")
    void isRefused(Wire wire, Row row) throws Exception {
        try (Bystanders others = new Bystanders(TARGET, ROOM);
                RawSocket client = wire.open()) {
            wire.send(client, HI);
            assertSaid(others, "hi");
            Map<String, Double> before = TARGET.counters();
            wire.send(client, row.bytes());
            if (row.code() == 0) {
                wire.send(client, chat("still here"));
                assertSaid(others, "still here");
            } else {
                if (wire == Wire.WEBSOCKET) {
                    assertThat(client.read().closeCode()).isEqualTo(row.code());
                    // Who answers is let go at once; that the others are cut too is a matter of its own test.
                    client.sendClose(row.code());
                }
                assertThat(client.isCut()).isTrue();
                TARGET.assertCounted(
                        before,
                        Target.closed(
                                wire.transport(),
                                "packet",
                                row.code(),
                                row.code() == 1009 ? "too_big" : "protocol_error"));
                others.assertHeardNothing();
            }
            TARGET.assertCounted(before, Target.badInput("packet", row.counted()));
        }
    }

    private static void assertSaid(Bystanders others, String text) throws IOException {
        assertThat(JSON.readTree(others.heardOne()).get("text").asText()).isEqualTo(text);
    }

    static Stream<Arguments> cuts() {
        return Stream.of(Wire.values())
                .flatMap(wire -> IntStream.range(1, HI_HO.length).mapToObj(cut -> Arguments.of(wire, cut)));
    }

    @ParameterizedTest(name = "{0}: cut before byte {1}")
    @MethodSource("cuts")
    void cutAnywhere(Wire wire, int cut) throws IOException {
        try (Bystanders others = new Bystanders(TARGET, ROOM);
                RawSocket client = wire.open()) {
            wire.send(client, Arrays.copyOf(HI_HO, cut));
            wire.send(client, Arrays.copyOfRange(HI_HO, cut, HI_HO.length));
            assertSaid(others, "hi");
            assertSaid(others, "ho");
        }
    }

    @ParameterizedTest(name = "{0}: byte by byte, with nothing between")
    @EnumSource
    void byteByByte(Wire wire) throws IOException {
        try (Bystanders others = new Bystanders(TARGET, ROOM);
                RawSocket client = wire.open()) {
            for (byte each : HI) {
                wire.send(client, new byte[] {each});
            }
            wire.send(client, new byte[0]);
            assertSaid(others, "hi");
        }
    }

    @ParameterizedTest(name = "{0}: twenty in one piece")
    @EnumSource
    void joined(Wire wire) throws IOException {
        try (Bystanders others = new Bystanders(TARGET, ROOM);
                RawSocket client = wire.open()) {
            byte[] all = new byte[0];
            for (int i = 0; i < 20; i++) {
                all = join(all, HI_HO);
            }
            wire.send(client, all);
            for (int i = 0; i < 20; i++) {
                assertSaid(others, "hi");
                assertSaid(others, "ho");
            }
        }
    }

    @ParameterizedTest(name = "{0}: known by its name whatever the hash, and by its hash whatever the name")
    @EnumSource
    void byNameThenByHash(Wire wire) throws IOException {
        try (Bystanders others = new Bystanders(TARGET, ROOM);
                RawSocket client = wire.open()) {
            wire.send(client, packet(CHAT, 7, string("by name")));
            wire.send(client, packet("renamed", CHAT_HASH, string("by hash")));
            assertSaid(others, "by name");
            assertSaid(others, "by hash");
        }
    }
}

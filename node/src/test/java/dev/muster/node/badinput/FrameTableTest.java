package dev.muster.node.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.node.transport.RawSocket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** WebSocket frames that RFC 6455 forbids, on every wire: the close code, the counter, and the peace of others. */
class FrameTableTest {

    @RegisterExtension
    static final Target TARGET = new Target("websocket frames that close");

    private static final int FIN = 0x80;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    /** Input and the code it closes with. */
    private record Row(String name, byte[] bytes, int code) {
        @Override
        public String toString() {
            return name + " → " + code;
        }
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] frame(int first, String text) {
        return RawSocket.frame(first, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] text(int... utf8) {
        return RawSocket.frame(FIN | TEXT, bytes(utf8));
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        notUtf8(rows);
        headers(rows);
        controlFrames(rows);
        closeFrames(rows);
        lengths(rows);
        return rows;
    }

    private static void notUtf8(List<Row> rows) {
        rows.add(new Row("a byte that starts nothing", text(0xFF), 1007));
        rows.add(new Row("a continuation by itself", text('a', 0x80), 1007));
        rows.add(new Row("overlong slash", text(0xC0, 0xAF), 1007));
        rows.add(new Row("overlong NUL", text(0xC0, 0x80), 1007));
        rows.add(new Row("overlong in three bytes", text(0xE0, 0x80, 0xAF), 1007));
        rows.add(new Row("overlong in four bytes", text(0xF0, 0x80, 0x80, 0xAF), 1007));
        rows.add(new Row("half of a surrogate pair", text(0xED, 0xA0, 0x80), 1007));
        rows.add(new Row("both halves, each for itself", text(0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x8A), 1007));
        rows.add(new Row("beyond U+10FFFF", text(0xF4, 0x90, 0x80, 0x80), 1007));
        rows.add(new Row("five bytes", text(0xF8, 0x88, 0x80, 0x80, 0x80), 1007));
        rows.add(new Row("cut at the end of the message", text('a', 0xE2, 0x82), 1007));
        rows.add(new Row(
                "cut at the end of the last fragment",
                join(RawSocket.frame(TEXT, bytes(0xE2)), RawSocket.frame(FIN, bytes(0x82))),
                1007));
        rows.add(new Row(
                "wrong across fragments",
                join(RawSocket.frame(TEXT, bytes(0xE2)), RawSocket.frame(FIN, bytes('a'))),
                1007));
        rows.add(new Row("wrong in a fragment, before the last", RawSocket.frame(TEXT, bytes('a', 0xFE)), 1007));
        rows.add(new Row(
                "wrong at the first bytes of a long frame", bytes(FIN | TEXT, 0xFE, 1, 0, 0, 0, 0, 0, 0xFF), 1007));
    }

    private static void headers(List<Row> rows) {
        rows.add(new Row("not masked", bytes(FIN | TEXT, 2, 'h', 'i'), 1002));
        rows.add(new Row("not masked and empty", bytes(FIN | TEXT, 0), 1002));
        rows.add(new Row("ping, not masked", bytes(FIN | PING, 0), 1002));
        for (int bit : new int[] {0x40, 0x20, 0x10}) {
            rows.add(new Row("reserved bit " + bit, frame(FIN | bit | TEXT, "hi"), 1002));
        }
        rows.add(new Row("deflated without an agreement", frame(FIN | 0x40 | BINARY, "\u0001\u0002"), 1002));
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            rows.add(new Row("reserved opcode " + opcode, frame(FIN | opcode, ""), 1002));
        }
        rows.add(new Row("continuation of nothing", frame(FIN, "hi"), 1002));
        rows.add(new Row("new text within a message", join(frame(TEXT, "a"), frame(FIN | TEXT, "b")), 1002));
        rows.add(new Row("bytes within a text", join(frame(TEXT, "a"), frame(FIN | BINARY, "b")), 1002));
    }

    private static void controlFrames(List<Row> rows) {
        rows.add(new Row("ping of 126 bytes", frame(FIN | PING, "x".repeat(126)), 1002));
        rows.add(new Row("pong of 126 bytes", frame(FIN | PONG, "x".repeat(126)), 1002));
        rows.add(new Row("close of 126 bytes", RawSocket.frame(FIN | CLOSE, new byte[126]), 1002));
        rows.add(new Row("split ping", frame(PING, "x"), 1002));
        rows.add(new Row("split pong", frame(PONG, "x"), 1002));
        rows.add(new Row("split close", RawSocket.frame(CLOSE, bytes(3, 0xE8)), 1002));
    }

    private static void closeFrames(List<Row> rows) {
        rows.add(new Row("close of one byte", RawSocket.frame(FIN | CLOSE, bytes(3)), 1002));
        for (int code : new int[] {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
            rows.add(new Row("close with " + code, RawSocket.frame(FIN | CLOSE, bytes(code >> 8, code)), 1002));
        }
        rows.add(new Row(
                "close with a text that is not UTF-8", RawSocket.frame(FIN | CLOSE, bytes(3, 0xE8, 0xFF)), 1007));
    }

    private static void lengths(List<Row> rows) {
        rows.add(new Row("5 bytes, length in two", bytes(FIN | TEXT, 0xFE, 0, 5, 0, 0, 0, 0), 1002));
        rows.add(new Row("125 bytes, length in two", bytes(FIN | TEXT, 0xFE, 0, 125, 0, 0, 0, 0), 1002));
        rows.add(new Row("65,535 bytes, length in eight", wide(0xFFFF), 1002));
        rows.add(new Row("length over 2^63", wide(Long.MIN_VALUE), 1002));
        rows.add(new Row("length of -1", wide(-1), 1002));
        rows.add(new Row("declares 2^63 - 1 and is silent", wide(Long.MAX_VALUE), 1009));
        rows.add(new Row("declares one more than allowed", wide(Target.MAX_MESSAGE + 1L), 1009));
        rows.add(new Row(
                "one more than allowed over two fragments",
                join(RawSocket.frame(TEXT, spaces(Target.MAX_MESSAGE)), frame(FIN, "x")),
                1009));
        rows.add(new Row(
                "declares too much in a later fragment",
                join(frame(BINARY, "x"), Arrays.copyOf(RawSocket.frame(FIN, spaces(Target.MAX_MESSAGE)), 14)),
                1009));
        byte[] empty = frame(0, "");
        byte[] many = new byte[empty.length * 16_384];
        for (int i = 0; i < many.length; i++) {
            many[i] = empty[i % empty.length];
        }
        rows.add(new Row("16,385 fragments of nothing", join(frame(TEXT, ""), many), 1009));
    }

    private static byte[] wide(long length) {
        byte[] header = new byte[14];
        header[0] = (byte) (FIN | TEXT);
        header[1] = (byte) 0xFF;
        for (int i = 0; i < 8; i++) {
            header[2 + i] = (byte) (length >> 8 * (7 - i));
        }
        return header;
    }

    private static byte[] spaces(int length) {
        byte[] spaces = new byte[length];
        Arrays.fill(spaces, (byte) ' ');
        return spaces;
    }

    static Stream<Arguments> table() {
        return Stream.of(Surface.values()).flatMap(surface -> rows().stream().map(row -> Arguments.of(surface, row)));
    }

    private static String word(int code) {
        return switch (code) {
            case 1002 -> "protocol_error";
            case 1007 -> "invalid_utf8";
            default -> "too_big";
        };
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("table")
    void closes(Surface surface, Row row) throws Exception {
        String room = TARGET.newRoom();
        try (Bystanders others = new Bystanders(TARGET, room);
                RawSocket client = TARGET.open(surface, room)) {
            Map<String, Double> before = TARGET.counters();
            client.send(row.bytes());
            RawSocket.Frame answer = client.read();
            while (answer.opcode() != CLOSE) {
                answer = client.read();
            }
            assertThat(answer.closeCode()).isEqualTo(row.code());
            assertThat(answer.payload().length).isBetween(2, 125);
            assertThat(answer.closeText()).doesNotContain("Exception");
            assertThat(client.isCut()).isTrue();
            TARGET.assertCounted(before, Target.closed(surface.protocol(), row.code(), word(row.code())));
            others.assertHeardNothing();
        }
    }
}

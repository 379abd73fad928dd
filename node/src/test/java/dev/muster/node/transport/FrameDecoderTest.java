package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrameDecoderTest {

    private static byte[] frame(int first, String payload) {
        return RawSocket.frame(first, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] frame(int first, int... payload) {
        byte[] bytes = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            bytes[i] = (byte) payload[i];
        }
        return RawSocket.frame(first, bytes);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] all(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static Stream<Arguments> accepted() {
        String long126 = "x".repeat(126);
        String most = "y".repeat(DecodedFrames.MAX_MESSAGE);
        return Stream.of(
                arguments("text", frame(0x81, "hello"), List.of("text:hello")),
                arguments("empty text", frame(0x81, ""), List.of("text:")),
                arguments("empty binary", frame(0x82, ""), List.of("binary:")),
                arguments("binary", frame(0x82, 0, 255), List.of("binary:00ff")),
                arguments("125 bytes", frame(0x81, "z".repeat(125)), List.of("text:" + "z".repeat(125))),
                arguments("126 bytes", frame(0x81, long126), List.of("text:" + long126)),
                arguments("as long as allowed", frame(0x81, most), List.of("text:" + most)),
                arguments("two messages", all(frame(0x81, "a"), frame(0x82, 1)), List.of("text:a", "binary:01")),
                arguments("fragments", all(frame(0x01, "a"), frame(0x00, "b"), frame(0x80, "c")), List.of("text:abc")),
                arguments(
                        "empty first and last fragment",
                        all(frame(0x01, ""), frame(0x00, "b"), frame(0x80, "")),
                        List.of("text:b")),
                arguments(
                        "ping between fragments",
                        all(frame(0x02, 1), frame(0x89, 7), frame(0x80, 2)),
                        List.of("ping:07", "binary:0102")),
                arguments("pong alone says nothing", all(frame(0x8A, 1, 2), frame(0x81, "a")), List.of("text:a")),
                arguments(
                        "character across fragments",
                        all(frame(0x01, 0xF0, 0x9F), frame(0x80, 0x98, 0x8A)),
                        List.of("text:😊")),
                arguments("close without code", frame(0x88, ""), List.of("close:1005:")),
                arguments("close", frame(0x88, 0x03, 0xE8, 'b', 'y', 'e'), List.of("close:1000:bye")),
                arguments("close 3000", frame(0x88, 0x0B, 0xB8), List.of("close:3000:")),
                arguments("close 4999", frame(0x88, 0x13, 0x87), List.of("close:4999:")),
                arguments("close 1014", frame(0x88, 0x03, 0xF6), List.of("close:1014:")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void accepts_whatever_the_pieces(String name, byte[] bytes, List<String> events) {
        for (int step = 1; step <= bytes.length; step++) {
            assertThat(DecodedFrames.of(bytes, step)).as("pieces of %d", step).isEqualTo(events);
        }
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("unmasked", hex("81 05 68656c6c6f"), 1002),
                arguments("RSV1", frame(0xC1, "a"), 1002),
                arguments("RSV2", frame(0xA1, "a"), 1002),
                arguments("RSV3", frame(0x91, "a"), 1002),
                arguments("RSV1 on a ping", frame(0xC9, ""), 1002),
                arguments("opcode 3", frame(0x83, ""), 1002),
                arguments("opcode 7", frame(0x87, ""), 1002),
                arguments("opcode 11", frame(0x8B, ""), 1002),
                arguments("opcode 15", frame(0x8F, ""), 1002),
                arguments("fragmented ping", frame(0x09, ""), 1002),
                arguments("fragmented pong", frame(0x0A, ""), 1002),
                arguments("fragmented close", frame(0x08, ""), 1002),
                arguments("ping of 126", frame(0x89, "p".repeat(126)), 1002),
                arguments("close of 126", frame(0x88, "p".repeat(126)), 1002),
                arguments("continuation of nothing", frame(0x80, "a"), 1002),
                arguments("open continuation of nothing", frame(0x00, "a"), 1002),
                arguments("text inside a text", all(frame(0x01, "a"), frame(0x81, "b")), 1002),
                arguments("binary inside a text", all(frame(0x01, "a"), frame(0x02, 1)), 1002),
                arguments("length 5 in two bytes", hex("82 fe 0005 00000000 0000000000"), 1002),
                arguments("length 65535 in eight bytes", hex("82 ff 000000000000ffff 00000000"), 1002),
                arguments("length with the highest bit", hex("82 ff 8000000000000001 00000000"), 1002),
                arguments("length of 2^63-1", hex("82 ff 7fffffffffffffff"), 1009),
                arguments("one byte too many", frame(0x82, new int[DecodedFrames.MAX_MESSAGE + 1]), 1009),
                arguments(
                        "too many over two fragments",
                        all(frame(0x02, new int[DecodedFrames.MAX_MESSAGE]), frame(0x80, 1)),
                        1009),
                arguments("too many fragments", fragments(DecodedFrames.MAX_FRAGMENTS + 1), 1009),
                arguments("close of one byte", frame(0x88, 3), 1002),
                arguments("close 0", frame(0x88, 0, 0), 1002),
                arguments("close 999", frame(0x88, 0x03, 0xE7), 1002),
                arguments("close 1004", frame(0x88, 0x03, 0xEC), 1002),
                arguments("close 1005", frame(0x88, 0x03, 0xED), 1002),
                arguments("close 1006", frame(0x88, 0x03, 0xEE), 1002),
                arguments("close 1015", frame(0x88, 0x03, 0xF7), 1002),
                arguments("close 2999", frame(0x88, 0x0B, 0xB7), 1002),
                arguments("close 5000", frame(0x88, 0x13, 0x88), 1002),
                arguments("close reason not UTF-8", frame(0x88, 0x03, 0xE8, 0xFF), 1007),
                arguments("close reason cut", frame(0x88, 0x03, 0xE8, 0xC3), 1007),
                arguments("overlong", frame(0x81, 0xC0, 0xAF), 1007),
                arguments("surrogate", frame(0x81, 0xED, 0xA0, 0x80), 1007),
                arguments("above U+10FFFF", frame(0x81, 0xF4, 0x90, 0x80, 0x80), 1007),
                arguments("cut at the end", frame(0x81, 'a', 0xC3), 1007),
                arguments("cut at the end of fragments", all(frame(0x01, 0xE2, 0x82), frame(0x80, "")), 1007),
                arguments("broken across fragments", all(frame(0x01, 0xE2), frame(0x80, 'a')), 1007));
    }

    private static byte[] fragments(int count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(frame(i == 0 ? 0x02 : i == count - 1 ? 0x80 : 0x00, 1));
        }
        return all.toByteArray();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("refused")
    void refuses_whatever_the_pieces(String name, byte[] bytes, int code) {
        for (int step = 1; step <= bytes.length; step++) {
            assertThat(DecodedFrames.of(bytes, step)).as("pieces of %d", step).containsExactly("violation:" + code);
        }
    }

    @Test
    void nothing_continues_a_message_that_is_whole() {
        assertThat(DecodedFrames.of(all(frame(0x81, "a"), frame(0x80, "b"))))
                .containsExactly("text:a", "violation:1002");
    }

    @Test
    void as_many_fragments_as_allowed_are_a_message() {
        assertThat(DecodedFrames.of(fragments(DecodedFrames.MAX_FRAGMENTS)))
                .containsExactly("binary:" + "01".repeat(DecodedFrames.MAX_FRAGMENTS));
    }

    @Test
    void text_fails_at_its_first_bad_byte_and_not_at_its_end() {
        DecodedFrames frames = new DecodedFrames();
        byte[] bytes = frame(0x81, "aaaa", 0xFF);
        assertThat(frames.feed(bytes, 0, bytes.length - 500)).isFalse();
        assertThat(frames.events).containsExactly("violation:1007");
    }

    private static byte[] frame(int first, String before, int bad) {
        byte[] payload = new byte[before.length() + 1 + 500];
        Arrays.fill(payload, (byte) 'z');
        System.arraycopy(before.getBytes(StandardCharsets.US_ASCII), 0, payload, 0, before.length());
        payload[before.length()] = (byte) bad;
        return RawSocket.frame(first, payload);
    }

    @Test
    void a_text_after_one_that_was_fine_starts_anew() {
        assertThat(DecodedFrames.of(all(frame(0x81, "ä"), frame(0x81, "ö")))).containsExactly("text:ä", "text:ö");
    }

    @Test
    void stops_between_frames_while_paused() {
        DecodedFrames frames = new DecodedFrames();
        ByteBuf in = Unpooled.wrappedBuffer(frame(0x81, "a"), frame(0x81, "b"));
        frames.paused = true;
        frames.decoder.decode(in, frames);
        assertThat(frames.events).isEmpty();
        frames.paused = false;
        frames.decoder.decode(in, frames);
        assertThat(frames.events).containsExactly("text:a", "text:b");
    }

    @Test
    void reads_over_messages_once_they_are_of_no_interest() {
        DecodedFrames frames = new DecodedFrames();
        byte[] begun = frame(0x01, "begun");
        frames.feed(begun, 0, begun.length - 2);
        frames.decoder.discardMessages();
        byte[] rest = all(
                Arrays.copyOfRange(begun, begun.length - 2, begun.length),
                frame(0x80, 0xFF),
                frame(0x82, new int[5 * DecodedFrames.MAX_MESSAGE]),
                frame(0x88, 0x03, 0xE8));
        frames.feed(rest, 0, rest.length);
        assertThat(frames.events).containsExactly("close:1000:");
    }

    @Test
    void knows_whether_it_is_in_the_middle_of_something() {
        DecodedFrames frames = new DecodedFrames();
        byte[] bytes = all(frame(0x01, "a"), frame(0x80, "b"));
        for (int i = 0; i < bytes.length; i++) {
            assertThat(frames.decoder.isMidMessage()).as("after %d bytes", i).isEqualTo(i > 0);
            frames.feed(bytes, i, i + 1);
        }
        assertThat(frames.decoder.isMidMessage()).isFalse();
    }
}

package dev.muster.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FrameDecoderPropertyTest {

    @Provide
    Arbitrary<byte[]> almostFrames() {
        Arbitrary<Integer> first = Arbitraries.of(0x81, 0x82, 0x01, 0x02, 0x00, 0x80, 0x88, 0x89, 0x8A, 0xC1, 0x83);
        Arbitrary<byte[]> payload = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        Arbitrary<byte[]> frame = Combinators.combine(first, payload).as(RawSocket::frame);
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(20);
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(9, frame), net.jqwik.api.Tuple.of(1, noise))
                .list()
                .ofMaxSize(12)
                .map(FrameDecoderPropertyTest::joined);
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** {@link DecodedFrames#of} lets through any exception that is not a violation, and so fails here. */
    @Property(tries = 3000)
    void how_bytes_are_cut_changes_nothing(
            @ForAll("almostFrames") byte[] bytes, @ForAll @IntRange(min = 1, max = 400) int step) {
        assertThat(DecodedFrames.of(bytes, step)).isEqualTo(DecodedFrames.of(bytes));
    }

    @Property(tries = 3000)
    void random_bytes_end_in_frames_or_a_violation(@ForAll @Size(max = 200) byte[] bytes) {
        List<String> events = DecodedFrames.of(bytes);
        assertThat(events.stream().filter(event -> event.startsWith("violation:")))
                .allMatch(event -> List.of("violation:1002", "violation:1007", "violation:1009")
                        .contains(event));
    }

    @Property(tries = 2000)
    void text_is_accepted_exactly_if_it_is_utf8(
            @ForAll @Size(max = 40) byte[] bytes, @ForAll @IntRange(min = 1, max = 10) int step) {
        assertThat(DecodedFrames.of(RawSocket.frame(0x81, bytes), step))
                .containsExactly(
                        isUtf8(bytes) ? "text:" + new String(bytes, StandardCharsets.UTF_8) : "violation:1007");
    }

    @Property(tries = 2000)
    void valid_text_is_never_refused(@ForAll String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        Utf8Validator validator = new Utf8Validator();
        assertThat(validator.accept(utf8, 0, utf8.length)).isTrue();
        assertThat(validator.end()).isTrue();
    }

    @Property(tries = 500)
    void masking_twice_changes_nothing(
            @ForAll @Size(max = 100) byte[] bytes, @ForAll int mask, @ForAll @IntRange(max = 100) int cut) {
        byte[] masked = bytes.clone();
        int at = Math.min(cut, bytes.length);
        int turned = Masking.apply(masked, 0, at, mask);
        Masking.apply(masked, at, masked.length, turned);
        for (int i = 0; i < bytes.length; i++) {
            assertThat(masked[i]).isEqualTo((byte) (bytes[i] ^ mask >>> 8 * (3 - (i & 3))));
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException no) {
            return false;
        }
    }
}

package dev.muster.node.codec.bincode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BincodeTest {

    private static BincodeWriter writer() {
        return new BincodeWriter(Unpooled.buffer(0));
    }

    private static BincodeReader reader(String hex) {
        return new BincodeReader(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", ""))));
    }

    private static String hex(BincodeWriter written) {
        return ByteBufUtil.hexDump(written.out());
    }

    @ParameterizedTest
    @DisplayName("unsigned integers take the shortest form")
    @CsvSource({
        "0, 00",
        "250, fa",
        "251, fbfb00",
        "65535, fbffff",
        "65536, fc00000100",
        "4294967295, fcffffffff",
        "4294967296, fd0000000001000000",
        "18446744073709551615, fdffffffffffffffff"
    })
    void unsigned(String number, String bytes) throws BincodeException {
        long value = Long.parseUnsignedLong(number);
        assertThat(hex(writer().unsigned(value))).isEqualTo(bytes);
        assertThat(reader(bytes).u64()).isEqualTo(value);
        assertThat(BincodeWriter.sizeOf(value)).isEqualTo(bytes.length() / 2);
    }

    @ParameterizedTest
    @DisplayName("signed integers are zigzag")
    @CsvSource({
        "0, 00",
        "-1, 01",
        "1, 02",
        "-126, fbfb00",
        "-32768, fbffff",
        "32768, fc00000100",
        "-2147483648, fcffffffff",
        "9223372036854775807, fdfeffffffffffffff",
        "-9223372036854775808, fdffffffffffffffff"
    })
    void signed(long value, String bytes) throws BincodeException {
        assertThat(hex(writer().signed(value))).isEqualTo(bytes);
        assertThat(reader(bytes).i64()).isEqualTo(value);
    }

    @Test
    @DisplayName("the rest: bytes, bools, floats, options, variants, strings, sequences")
    void others() throws BincodeException {
        BincodeWriter out = writer().u8(255)
                .u8(-1)
                .bool(true)
                .f32(1.5f)
                .f64(-2)
                .option(false)
                .option(true)
                .signed(-3)
                .variant(2)
                .string("h\u00e9")
                .bytes(new byte[] {9})
                .length(2)
                .unsigned(300)
                .unsigned(1);
        assertThat(hex(out))
                .isEqualTo("ff" + "ff" + "01" + "0000c03f" + "00000000000000c0" + "00" + "01" + "05" + "02" + "0368c3a9"
                        + "0109" + "02fb2c0101");
        BincodeReader in = new BincodeReader(out.out());
        assertThat(in.u8()).isEqualTo(255);
        assertThat(in.i8()).isEqualTo(-1);
        assertThat(in.bool()).isTrue();
        assertThat(in.f32()).isEqualTo(1.5f);
        assertThat(in.f64()).isEqualTo(-2);
        assertThat(in.option()).isFalse();
        assertThat(in.option()).isTrue();
        assertThat(in.i16()).isEqualTo(-3);
        assertThat(in.variant(3)).isEqualTo(2);
        assertThat(in.string()).isEqualTo("h\u00e9");
        assertThat(ByteBufUtil.getBytes(in.bytes())).containsExactly(9);
        assertThat(in.length(1)).isEqualTo(2);
        assertThat(in.u16()).isEqualTo(300);
        assertThat(in.u32()).isEqualTo(1);
        in.end();
    }

    @ParameterizedTest
    @DisplayName("a longer form than needed is read, as bincode itself does")
    @ValueSource(strings = {"05", "fb0500", "fc05000000", "fd0500000000000000"})
    void nonCanonical(String bytes) throws BincodeException {
        assertThat(reader(bytes).u64()).isEqualTo(5);
    }

    /** Something that must be refused. */
    private interface Reading {
        void of(BincodeReader in) throws BincodeException;
    }

    private static void refused(String hex, Reading reading) {
        assertThatExceptionOfType(BincodeException.class).isThrownBy(() -> reading.of(reader(hex)));
    }

    @Test
    @DisplayName("forms that a type has no room for are refused")
    void tooWide() {
        refused("fc05000000", BincodeReader::u16);
        refused("fc05000000", BincodeReader::i16);
        refused("fd0500000000000000", BincodeReader::u32);
        refused("fd0500000000000000", BincodeReader::i32);
        refused("fe" + "00".repeat(16), BincodeReader::u64);
        refused("ff" + "00".repeat(16), BincodeReader::u64);
    }

    @ParameterizedTest
    @DisplayName("what ends too early is refused")
    @ValueSource(strings = {"", "fb", "fb00", "fc000000", "fd00000000000000"})
    void cut(String bytes) {
        refused(bytes, BincodeReader::u64);
        refused(bytes, BincodeReader::string);
        refused(bytes.isEmpty() ? "" : "00", BincodeReader::f64);
    }

    @Test
    @DisplayName("values out of range are refused")
    void outOfRange() {
        refused("02", BincodeReader::bool);
        refused("ff", BincodeReader::option);
        refused("03", in -> in.variant(3));
        refused("fcffffffff", in -> in.variant(3));
        refused("0568656c6c", BincodeReader::string);
        refused("02c3", BincodeReader::string);
        refused("02c328", BincodeReader::string);
        refused("03eda080", BincodeReader::string);
        refused("0100", BincodeReader::end);
    }

    @ParameterizedTest
    @DisplayName("a length over what is there is refused before anything is allocated")
    @ValueSource(
            strings = {"04000000", "fbffff", "fcffffff7f", "fcffffffff", "fdffffffffffffff7f", "fdffffffffffffffff"})
    void lengths(String bytes) {
        refused(bytes, BincodeReader::bytes);
        refused(bytes, BincodeReader::string);
        refused(bytes, in -> in.length(1));
    }

    @Test
    @DisplayName("items have to be there with all their bytes")
    void items() throws BincodeException {
        refused("0300000000", in -> in.length(2));
        assertThat(reader("0200000000").length(2)).isEqualTo(2);
    }

    @Property(tries = 1000)
    void what_is_written_is_read(@ForAll long number, @ForAll String text, @ForAll double real)
            throws BincodeException {
        String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        BincodeWriter out =
                writer().unsigned(number).signed(number).string(valid).f64(real);
        BincodeReader in = new BincodeReader(out.out());
        assertThat(in.u64()).isEqualTo(number);
        assertThat(in.i64()).isEqualTo(number);
        assertThat(in.string()).isEqualTo(valid);
        assertThat(in.f64()).isEqualTo(real);
        in.end();
    }

    /** Whatever comes is a value or a {@link BincodeException}, and never more than the bytes that came. */
    @Property(tries = 3000)
    void random_bytes_are_values_or_refused(
            @ForAll @Size(max = 60) byte[] bytes,
            @ForAll @Size(max = 20) byte[] calls,
            @ForAll @IntRange(min = 1, max = 9) int least) {
        BincodeReader in = new BincodeReader(Unpooled.wrappedBuffer(bytes).asReadOnly());
        try {
            for (byte call : calls) {
                one(in, call, least);
            }
        } catch (BincodeException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    private static void one(BincodeReader in, byte call, int least) throws BincodeException {
        switch (call & 15) {
            case 0 -> in.u8();
            case 1 -> in.i8();
            case 2 -> assertThat(in.u16()).isBetween(0, 65_535);
            case 3 -> assertThat(in.u32()).isBetween(0L, 0xFFFF_FFFFL);
            case 4 -> in.u64();
            case 5 -> assertThat(in.i16()).isBetween(-32_768, 32_767);
            case 6 -> in.i32();
            case 7 -> in.i64();
            case 8 -> in.bool();
            case 9 -> in.f32();
            case 10 -> in.f64();
            case 11 -> assertThat(in.variant(5)).isBetween(0, 4);
            case 12 -> {
                int there = in.remaining();
                assertThat((long) in.length(least) * least).isBetween(0L, (long) there);
            }
            case 13 -> {
                ByteBuf view = in.bytes();
                assertThat(view.unwrap()).isNotNull();
            }
            case 14 -> in.string();
            default -> in.end();
        }
    }
}

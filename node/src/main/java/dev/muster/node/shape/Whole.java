package dev.muster.node.shape;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.muster.node.codec.bincode.BincodeException;
import dev.muster.node.codec.bincode.BincodeReader;
import dev.muster.node.codec.bincode.BincodeWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole number of 8 to 64 bits, with a sign or {@linkplain Unsigned without}. */
record Whole(@Nullable Range range, int bits, boolean unsigned) implements Value {

    private BigInteger least() {
        return unsigned ? BigInteger.ZERO : BigInteger.ONE.shiftLeft(bits - 1).negate();
    }

    private BigInteger greatest() {
        return BigInteger.ONE.shiftLeft(unsigned ? bits : bits - 1).subtract(BigInteger.ONE);
    }

    @Override
    public @Nullable Object read(JsonParser json, String path, List<Issue> issues) throws IOException {
        boolean isWhole = json.currentToken() == JsonToken.VALUE_NUMBER_INT;
        if (!isWhole || !fits(json)) {
            json.skipChildren();
            issues.add(new Issue(path, "must be a whole number from " + least() + " to " + greatest()));
            return null;
        }
        long value = json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? json.getBigIntegerValue().longValue()
                : json.getLongValue();
        Bounds.checkRange(toDouble(value), range, path, issues);
        return boxed(value);
    }

    private boolean fits(JsonParser json) throws IOException {
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            BigInteger value = json.getBigIntegerValue();
            return unsigned && bits == Long.SIZE && value.signum() >= 0 && value.bitLength() <= bits;
        }
        long value = json.getLongValue();
        if (bits == Long.SIZE) {
            return !unsigned || value >= 0;
        }
        long most = (1L << (unsigned ? bits : bits - 1)) - 1;
        return value <= most && value >= (unsigned ? 0 : -most - 1);
    }

    /** As the Java type has it. */
    private Object boxed(long value) {
        return switch (bits) {
            case Byte.SIZE -> (byte) value;
            case Short.SIZE -> (short) value;
            case Integer.SIZE -> (int) value;
            default -> value;
        };
    }

    /** The number that a value of the Java type stands for; of 64 bits without a sign, its bits. */
    private long number(Object value) {
        long number = ((Number) value).longValue();
        return unsigned && bits < Long.SIZE ? number & ((1L << bits) - 1) : number;
    }

    private double toDouble(long number) {
        return unsigned && number < 0 ? wide(number).doubleValue() : (double) number;
    }

    private static BigInteger wide(long unsignedNumber) {
        return new BigInteger(Long.toUnsignedString(unsignedNumber));
    }

    @Override
    public void check(Object value, String path, List<Issue> issues) {
        Bounds.checkRange(toDouble(number(value)), range, path, issues);
    }

    @Override
    public void write(JsonGenerator json, Object value) throws IOException {
        write(json, number(value));
    }

    private void write(JsonGenerator json, long number) throws IOException {
        if (unsigned && number < 0) {
            json.writeNumber(wide(number));
        } else {
            json.writeNumber(number);
        }
    }

    @Override
    public void encode(BincodeWriter out, Object value) {
        long number = number(value);
        if (bits == Byte.SIZE) {
            out.u8((int) number);
        } else if (unsigned) {
            out.unsigned(number);
        } else {
            out.signed(number);
        }
    }

    private long take(BincodeReader in) throws BincodeException {
        return switch (bits) {
            case Byte.SIZE -> unsigned ? in.u8() : in.i8();
            case Short.SIZE -> unsigned ? in.u16() : in.i16();
            case Integer.SIZE -> unsigned ? in.u32() : in.i32();
            default -> unsigned ? in.u64() : in.i64();
        };
    }

    @Override
    public Object decode(BincodeReader in) throws BincodeException {
        return boxed(take(in));
    }

    @Override
    public void transcribe(BincodeReader in, JsonGenerator json) throws BincodeException, IOException {
        write(json, take(in));
    }

    @Override
    public int leastBytes() {
        return 1;
    }

    @Override
    public void describe(JsonGenerator json) throws IOException {
        json.writeStringField("type", "integer");
        json.writeStringField("format", (unsigned ? "uint" : "int") + bits);
        if (range == null) {
            json.writeFieldName("minimum");
            json.writeNumber(least());
            json.writeFieldName("maximum");
            json.writeNumber(greatest());
        } else {
            Bounds.describe(json, range);
        }
    }
}

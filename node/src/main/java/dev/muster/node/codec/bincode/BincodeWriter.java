package dev.muster.node.codec.bincode;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Appends values to a buffer. Every integer gets the shortest form it has, so that equal values are equal bytes. A
 * struct is its fields one after another, an enum its {@linkplain #variant index} and the fields of that variant.
 *
 * @param out written at its writer index; it grows as it needs to
 */
public record BincodeWriter(ByteBuf out) {

    /** How many bytes an unsigned integer of 16 to 64 bits takes. */
    public static int sizeOf(long unsigned) {
        if (isAtMost(unsigned, Marker.MAX_SINGLE)) {
            return 1;
        }
        return isAtMost(unsigned, 0xFFFF) ? 3 : isAtMost(unsigned, 0xFFFF_FFFFL) ? 5 : 9;
    }

    /** How many bytes a string takes, or a byte array of that length. */
    public static int sizeOfBytes(int length) {
        return sizeOf(length) + length;
    }

    private static boolean isAtMost(long unsigned, long most) {
        return unsigned >= 0 && unsigned <= most;
    }

    /** One byte as it is, signed or not. */
    public BincodeWriter u8(int value) {
        out.writeByte(value);
        return this;
    }

    /** An unsigned integer of 16, 32 or 64 bits: the form depends on the value only. */
    public BincodeWriter unsigned(long value) {
        if (isAtMost(value, Marker.MAX_SINGLE)) {
            out.writeByte((int) value);
        } else if (isAtMost(value, 0xFFFF)) {
            out.writeByte(Marker.U16).writeShortLE((int) value);
        } else if (isAtMost(value, 0xFFFF_FFFFL)) {
            out.writeByte(Marker.U32).writeIntLE((int) value);
        } else {
            out.writeByte(Marker.U64).writeLongLE(value);
        }
        return this;
    }

    /** A signed integer of 16, 32 or 64 bits, as zigzag: 0, -1, 1, -2 become 0, 1, 2, 3. */
    public BincodeWriter signed(long value) {
        return unsigned(value << 1 ^ value >> 63);
    }

    /** 0 or 1. */
    public BincodeWriter bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** Four bytes. */
    public BincodeWriter f32(float value) {
        out.writeIntLE(Float.floatToRawIntBits(value));
        return this;
    }

    /** Eight bytes. */
    public BincodeWriter f64(double value) {
        out.writeLongLE(Double.doubleToRawLongBits(value));
        return this;
    }

    /** What is in front of an option: whether a value follows. */
    public BincodeWriter option(boolean present) {
        return bool(present);
    }

    /** What is in front of an enum's fields: the place of the variant among all, from 0. */
    public BincodeWriter variant(int index) {
        return unsigned(index);
    }

    /** What is in front of a sequence: how many items follow. */
    public BincodeWriter length(int items) {
        return unsigned(items);
    }

    /** A string. A lone surrogate, which UTF-8 has no form for, becomes a question mark. */
    public BincodeWriter string(CharSequence text) {
        int bytes = ByteBufUtil.utf8Bytes(text);
        length(bytes);
        ByteBufUtil.reserveAndWriteUtf8(out, text, bytes);
        return this;
    }

    /** A byte array, or a string that is in UTF-8 already. */
    public BincodeWriter bytes(byte[] bytes) {
        length(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    /** What is readable in {@code bytes}, whose indices stay; as a byte array or a string in UTF-8. */
    public BincodeWriter bytes(ByteBuf bytes) {
        int length = bytes.readableBytes();
        length(length);
        out.writeBytes(bytes, bytes.readerIndex(), length);
        return this;
    }
}

package dev.muster.node.codec.bincode;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * Takes values from a buffer. Nothing that was read is trusted: a length is compared with what is really there before
 * anything is allocated, so that reading never takes more memory than the input has bytes.
 *
 * <p>An integer may come in a longer form than it needs, {@code fb 05 00} for 5: bincode itself reads that, and a client
 * may write it. It may not come in a form longer than its type, as bincode does not read that either.
 *
 * @param in read from its reader index on; where it stands after a failure means nothing
 */
public record BincodeReader(ByteBuf in) {

    /** How many bytes are left. */
    public int remaining() {
        return in.readableBytes();
    }

    /** One byte, 0 to 255. */
    public int u8() throws BincodeException {
        need(1);
        return in.readUnsignedByte();
    }

    /** One byte, -128 to 127. */
    public int i8() throws BincodeException {
        return (byte) u8();
    }

    /** 0 to 65,535. */
    public int u16() throws BincodeException {
        return (int) unsigned(Marker.U16);
    }

    /** 0 to 2³² - 1. */
    public long u32() throws BincodeException {
        return unsigned(Marker.U32);
    }

    /** All 64 bits: from 2⁶³ on negative, see {@link Long#toUnsignedString(long)}. */
    public long u64() throws BincodeException {
        return unsigned(Marker.U64);
    }

    /** -32,768 to 32,767. */
    public int i16() throws BincodeException {
        return (int) zigzag(unsigned(Marker.U16));
    }

    /** Any int. */
    public int i32() throws BincodeException {
        return (int) zigzag(unsigned(Marker.U32));
    }

    /** Any long. */
    public long i64() throws BincodeException {
        return zigzag(unsigned(Marker.U64));
    }

    private static long zigzag(long unsigned) {
        return unsigned >>> 1 ^ -(unsigned & 1);
    }

    private long unsigned(int widest) throws BincodeException {
        int first = u8();
        if (first <= Marker.MAX_SINGLE) {
            return first;
        }
        if (first > widest) {
            throw new BincodeException("an integer begins with 0x" + Integer.toHexString(first)
                    + ", which its type has no room for: at most 0x" + Integer.toHexString(widest));
        }
        switch (first) {
            case Marker.U16 -> {
                need(Short.BYTES);
                return in.readUnsignedShortLE();
            }
            case Marker.U32 -> {
                need(Integer.BYTES);
                return in.readUnsignedIntLE();
            }
            default -> {
                need(Long.BYTES);
                return in.readLongLE();
            }
        }
    }

    /** 0 or 1, nothing else. */
    public boolean bool() throws BincodeException {
        int value = u8();
        if (value > 1) {
            throw new BincodeException("a bool or an option begins with 0 or 1, but this with " + value);
        }
        return value == 1;
    }

    /** Four bytes. */
    public float f32() throws BincodeException {
        need(Float.BYTES);
        return Float.intBitsToFloat(in.readIntLE());
    }

    /** Eight bytes. */
    public double f64() throws BincodeException {
        need(Double.BYTES);
        return Double.longBitsToDouble(in.readLongLE());
    }

    /** Whether the value of an option follows. */
    public boolean option() throws BincodeException {
        return bool();
    }

    /**
     * Which variant of an enum follows.
     *
     * @param variants how many there are
     */
    public int variant(int variants) throws BincodeException {
        long index = u32();
        if (index >= variants) {
            throw new BincodeException("an enum has " + variants + " variants, but this is number " + index);
        }
        return (int) index;
    }

    /**
     * How many items of a sequence follow.
     *
     * @param bytesOfItem what an item takes at least, 1 or more; so many items have to be there
     */
    public int length(int bytesOfItem) throws BincodeException {
        long items = u64();
        if (items < 0 || items > remaining() / bytesOfItem) {
            throw new BincodeException(Long.toUnsignedString(items) + " items of at least " + bytesOfItem
                    + " bytes are announced, but " + remaining() + " bytes are left");
        }
        return (int) items;
    }

    /** A string. */
    public String string() throws BincodeException {
        ByteBuf utf8 = utf8();
        return utf8.toString(StandardCharsets.UTF_8);
    }

    /** A string as it is: a view of {@link #in} without a reference of its own. Known to be UTF-8. */
    public ByteBuf utf8() throws BincodeException {
        ByteBuf bytes = bytes();
        if (!ByteBufUtil.isText(bytes, StandardCharsets.UTF_8)) {
            throw new BincodeException("a string is not UTF-8");
        }
        return bytes;
    }

    /** A byte array: a view of {@link #in} without a reference of its own. */
    public ByteBuf bytes() throws BincodeException {
        return in.readSlice(length(1));
    }

    /** Says that everything was read. */
    public void end() throws BincodeException {
        if (in.isReadable()) {
            throw new BincodeException(remaining() + " bytes are left behind the last field");
        }
    }

    private void need(int bytes) throws BincodeException {
        if (in.readableBytes() < bytes) {
            throw new BincodeException(bytes + " bytes are needed, but " + remaining() + " are left");
        }
    }
}

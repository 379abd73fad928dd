package dev.muster.node.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Masking of client frames, RFC 6455 §5.3. */
final class Masking {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Masking() {}

    /**
     * Masks or unmasks in place, eight bytes at a time.
     *
     * @param mask four bytes, the one to be used next in the highest place
     * @return the mask, turned so that it fits the byte after {@code to}
     */
    static int apply(byte[] bytes, int from, int to, int mask) {
        int at = from;
        long twice = (long) mask << 32 | mask & 0xFFFFFFFFL;
        while (at + Long.BYTES <= to) {
            LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ twice);
            at += Long.BYTES;
        }
        int turned = mask;
        while (at < to) {
            bytes[at++] ^= (byte) (turned >>> 24);
            turned = Integer.rotateLeft(turned, 8);
        }
        return turned;
    }
}

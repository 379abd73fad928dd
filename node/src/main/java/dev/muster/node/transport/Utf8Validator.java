package dev.muster.node.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 piece by piece and fails at the first byte that cannot be right, wherever the pieces were cut. What is
 * well-formed is table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
final class Utf8Validator {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    /** How many bytes the current character still wants. */
    private int wanted;
    /** What the next byte may be; narrower than 0x80 to 0xBF only for the second byte of some characters. */
    private int lowest = 0x80;

    private int highest = 0xBF;

    /**
     * Takes the next piece.
     *
     * @return whether the text can still become valid
     */
    boolean accept(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (wanted == 0) {
                at = skipAscii(bytes, at, to);
                if (at == to) {
                    return true;
                }
                if (!lead(bytes[at++] & 0xFF)) {
                    return false;
                }
            } else {
                int next = bytes[at++] & 0xFF;
                if (next < lowest || next > highest) {
                    return false;
                }
                wanted--;
                lowest = 0x80;
                highest = 0xBF;
            }
        }
        return true;
    }

    /** Whether the text may end here, and starts anew. */
    boolean end() {
        boolean whole = wanted == 0;
        wanted = 0;
        lowest = 0x80;
        highest = 0xBF;
        return whole;
    }

    private static int skipAscii(byte[] bytes, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
            at += Long.BYTES;
        }
        while (at < to && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    private boolean lead(int first) {
        if (first >= 0xC2 && first <= 0xDF) {
            wanted = 1;
            return true;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            wanted = 2;
            lowest = first == 0xE0 ? 0xA0 : 0x80;
            highest = first == 0xED ? 0x9F : 0xBF;
            return true;
        }
        if (first >= 0xF0 && first <= 0xF4) {
            wanted = 3;
            lowest = first == 0xF0 ? 0x90 : 0x80;
            highest = first == 0xF4 ? 0x8F : 0xBF;
            return true;
        }
        return false;
    }
}

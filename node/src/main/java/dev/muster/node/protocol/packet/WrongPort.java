package dev.muster.node.protocol.packet;

import dev.muster.node.connection.Connection;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Tells people who speak something else to the TCP port what they have found. */
final class WrongPort {

    private static final String LINE = "this is the TCP protocol port: it takes packets, %s\r\n";

    /** TLS 1.0 to 1.3: a handshake record, version 3.x. */
    private static final int TLS_HANDSHAKE = 0x16;

    private static final int TLS_VERSION = 0x03;

    /** The end of line with which the binary form of the PROXY protocol begins, version 2. */
    private static final long PROXY_V2 = 0x0A0D000A0D0A0DL;

    private WrongPort() {}

    /**
     * Says so in one line, if that is what has happened.
     *
     * @param length the first eight bytes of the stream, read as a length that is too large
     */
    static void tell(Connection connection, long length) {
        String instead = instead(length);
        if (instead != null && connection.transport().equals("tcp")) {
            connection.sendBinary(Buffer.buffer(LINE.formatted(instead)));
        }
    }

    private static @Nullable String instead(long length) {
        if ((length & 0xFF) == TLS_HANDSHAKE && (length >>> 8 & 0xFF) == TLS_VERSION) {
            return "not TLS";
        }
        if ((length & 0xFF_FFFF_FFFF_FFFFL) == PROXY_V2) {
            return "and no PROXY header";
        }
        StringBuilder text = new StringBuilder(Long.BYTES);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            char next = (char) (length >>> shift & 0xFF);
            if ((next < ' ' || next > '~') && next != '\r' && next != '\n') {
                return null;
            }
            text.append(next);
        }
        if (text.toString().startsWith("PROXY ")) {
            return "and no PROXY header";
        }
        return text.toString().matches("(?s)[A-Z]{3,7} .*") ? "not HTTP or WebSocket" : "not text";
    }
}

package dev.muster.node.protocol.relay;

import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Refusal;
import java.util.Locale;

/** What a relay's client says its binary frames are, with {@code ?binary=}. */
enum BinaryMode {
    /** Bytes, until the first that is a protobuf message. */
    AUTO,
    /** Bytes that are nobody's business. */
    RAW,
    /** Protobuf messages from the first on. */
    PROTOBUF;

    private static final String PARAMETER = "binary";

    /** What the query says, {@link #AUTO} if it says nothing; throws a {@link Refusal} for what it may not say. */
    static BinaryMode of(Handshake handshake) {
        String said = handshake.query().get(PARAMETER);
        if (said == null) {
            return AUTO;
        }
        for (BinaryMode mode : values()) {
            if (said.equals(mode.name().toLowerCase(Locale.ROOT))) {
                return mode;
            }
        }
        throw Refusal.badRequest(PARAMETER, "must be auto, raw or protobuf");
    }
}

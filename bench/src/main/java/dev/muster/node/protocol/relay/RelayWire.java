package dev.muster.node.protocol.relay;

import dev.muster.node.room.Encoder;

/** The encoder of this wire, for benchmarks of rooms. */
public final class RelayWire {

    private RelayWire() {}

    /** For members who get text. */
    public static Encoder encoder() {
        return RelayEncoder.INSTANCE;
    }

    /** For members who get protobuf. */
    public static Encoder protobuf() {
        return ProtobufEncoder.INSTANCE;
    }
}

package dev.muster.node.protocol.packet;

import dev.muster.node.room.Encoder;

/** The encoder of this wire, for benchmarks of rooms. */
public final class PacketWire {

    private PacketWire() {}

    /** For every member. */
    public static Encoder encoder() {
        return PacketEncoder.INSTANCE;
    }
}

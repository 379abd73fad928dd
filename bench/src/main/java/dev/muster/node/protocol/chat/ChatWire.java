package dev.muster.node.protocol.chat;

import dev.muster.node.room.Encoder;

/** The encoder of this wire, for benchmarks of rooms. */
public final class ChatWire {

    private ChatWire() {}

    /** For every member. */
    public static Encoder encoder() {
        return ChatEncoder.INSTANCE;
    }
}

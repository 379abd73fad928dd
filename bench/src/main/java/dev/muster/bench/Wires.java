package dev.muster.bench;

import dev.muster.node.protocol.chat.ChatWire;
import dev.muster.node.protocol.event.EventWire;
import dev.muster.node.protocol.packet.PacketWire;
import dev.muster.node.protocol.relay.RelayWire;
import dev.muster.node.room.Encoder;

/** The wires by the names that parameters give them. */
final class Wires {

    private Wires() {}

    /** What makes a wire's frames. */
    static Encoder encoder(String wire) {
        return switch (wire) {
            case "relay" -> RelayWire.encoder();
            case "protobuf" -> RelayWire.protobuf();
            case "chat" -> ChatWire.encoder();
            case "events" -> EventWire.encoder();
            case "packets" -> PacketWire.encoder();
            default -> throw new IllegalArgumentException("there is no wire " + wire);
        };
    }
}

package dev.muster.node.protocol.event;

import dev.muster.node.event.Events;
import dev.muster.node.room.Encoder;

/** The encoder of this wire, for benchmarks of rooms. */
public final class EventWire {

    private EventWire() {}

    /** For those who subscribed to everything. */
    public static Encoder encoder() {
        return new EventEncoder(new Channels(Events.NONE).all());
    }
}

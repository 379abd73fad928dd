package dev.muster.node.protocol.event;

import dev.muster.node.event.Event;
import dev.muster.node.shape.Length;

/** Something said in the room. */
@Event("client.message")
record ClientMessage(@Length(min = 1, max = 1000) String message) {}

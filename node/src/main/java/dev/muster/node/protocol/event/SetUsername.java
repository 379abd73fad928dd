package dev.muster.node.protocol.event;

import dev.muster.node.event.Event;
import dev.muster.node.shape.Length;
import dev.muster.node.shape.OneLine;

/** How the client wants to be called. */
@Event("client.setUsername")
record SetUsername(@OneLine @Length(min = 1, max = 50) String username) {}

package dev.muster.bench;

import dev.muster.node.connection.Connection;
import dev.muster.node.room.Encoder;
import dev.muster.node.room.Member;

/** A member of a wire that is in no more than a room. */
record WireMember(Connection connection, Encoder encoder) implements Member {}

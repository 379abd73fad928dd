/**
 * Sessions: what a client is that asked for every message to be acknowledged. A session is older and longer than its
 * socket. It numbers what the client is shown of a room, keeps it until the client says that it has it, sends it again if
 * that takes too long, and goes on at another node if the socket broke.
 *
 * <p>This layer lies below the protocols and above the rooms. It knows no wire: a
 * {@link dev.muster.node.session.SessionWire} makes frames of its numbers and messages.
 */
@NullMarked
package dev.muster.node.session;

import org.jspecify.annotations.NullMarked;

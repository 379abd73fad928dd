/**
 * Everything that touches a socket: listening, the upgrade, frames, the outbox in front of each socket, liveness and
 * closing. Above it there are only connections, as {@link dev.muster.node.connection} describes them.
 *
 * <p>A connection costs what it must and no more: one Netty channel with one handler. The HTTP part of its life leaves
 * nothing behind.
 */
@NullMarked
package dev.muster.node.transport;

import org.jspecify.annotations.NullMarked;

/**
 * Rooms: what this node knows of each group that has members here, and how an event reaches them. Knows neither wires
 * nor sockets: a {@link dev.muster.node.room.Member} is a connection with an {@link dev.muster.node.room.Encoder}.
 *
 * <p>A room has one {@link dev.muster.node.room.RoomShard} for each event loop with members of it; everything in a
 * shard happens on its loop. Publications come in on the registry's context, are put once into the
 * {@link dev.muster.node.room.Mailbox} of each such loop, and are encoded once for each
 * {@link dev.muster.node.room.Format} on the whole node.
 */
@NullMarked
package dev.muster.node.room;

import org.jspecify.annotations.NullMarked;

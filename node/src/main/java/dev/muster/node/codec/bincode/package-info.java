/**
 * The bincode 2 "standard" form: little endian, integers of variable length, no names and no types on the wire. Knows
 * nothing of packets, rooms or sockets.
 */
@NullMarked
package dev.muster.node.codec.bincode;

import org.jspecify.annotations.NullMarked;

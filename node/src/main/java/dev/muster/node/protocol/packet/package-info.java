/**
 * Packets: length, type and data in bincode, as a byte stream over raw TCP and over binary WebSocket frames alike. Made
 * for game clients that speak Rust.
 */
@NullMarked
package dev.muster.node.protocol.packet;

import org.jspecify.annotations.NullMarked;

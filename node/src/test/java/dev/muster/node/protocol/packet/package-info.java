/** Tests of packets. */
@NullMarked
package dev.muster.node.protocol.packet;

import org.jspecify.annotations.NullMarked;

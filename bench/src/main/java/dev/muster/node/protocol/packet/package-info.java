/** The encoder of this wire for benchmarks; in its package, for it is seen there only. */
@NullMarked
package dev.muster.node.protocol.packet;

import org.jspecify.annotations.NullMarked;

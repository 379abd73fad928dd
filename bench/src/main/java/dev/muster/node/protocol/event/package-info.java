/** Benchmarks of events, and their encoder for others; in their package, for it is seen there only. */
@NullMarked
package dev.muster.node.protocol.event;

import org.jspecify.annotations.NullMarked;

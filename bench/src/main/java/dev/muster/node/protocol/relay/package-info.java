/** Benchmarks of the relay, and its encoders for others; in its package, for what they measure is seen there only. */
@NullMarked
package dev.muster.node.protocol.relay;

import org.jspecify.annotations.NullMarked;

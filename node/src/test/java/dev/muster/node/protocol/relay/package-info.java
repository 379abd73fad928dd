/** Tests of the relay. */
@NullMarked
package dev.muster.node.protocol.relay;

import org.jspecify.annotations.NullMarked;

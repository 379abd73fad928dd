/** Tests of the events wire. */
@NullMarked
package dev.muster.node.protocol.event;

import org.jspecify.annotations.NullMarked;

/** The relay: a room is a path, and what a member sends goes to all others as it is. */
@NullMarked
package dev.muster.node.protocol.relay;

import org.jspecify.annotations.NullMarked;

/** Events as JSON: channels that a client subscribes to, and what it may publish. */
@NullMarked
package dev.muster.node.protocol.event;

import org.jspecify.annotations.NullMarked;

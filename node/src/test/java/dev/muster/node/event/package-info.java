/** Tests of declared events. */
@NullMarked
package dev.muster.node.event;

import org.jspecify.annotations.NullMarked;

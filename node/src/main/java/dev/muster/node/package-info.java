/** The node: the command, and the library behind it. */
@NullMarked
package dev.muster.node;

import org.jspecify.annotations.NullMarked;

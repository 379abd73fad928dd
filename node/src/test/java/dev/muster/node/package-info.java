/** Tests of the node as a whole. */
@NullMarked
package dev.muster.node;

import org.jspecify.annotations.NullMarked;

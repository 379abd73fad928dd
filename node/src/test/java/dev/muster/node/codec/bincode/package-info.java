/** Tests of bincode. */
@NullMarked
package dev.muster.node.codec.bincode;

import org.jspecify.annotations.NullMarked;

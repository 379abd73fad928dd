/** Tests of what protocols share. */
@NullMarked
package dev.muster.node.protocol;

import org.jspecify.annotations.NullMarked;

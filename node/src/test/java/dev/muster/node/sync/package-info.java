/** Tests of spaces. */
@NullMarked
package dev.muster.node.sync;

import org.jspecify.annotations.NullMarked;

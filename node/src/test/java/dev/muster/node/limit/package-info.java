/** Limits in virtual time. */
@NullMarked
package dev.muster.node.limit;

import org.jspecify.annotations.NullMarked;

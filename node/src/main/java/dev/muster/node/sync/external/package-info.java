/** Entities by the ids that clients give them, for wires that know nothing of spaces. */
@NullMarked
package dev.muster.node.sync.external;

import org.jspecify.annotations.NullMarked;

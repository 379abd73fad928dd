/** The connections of this node, whatever they speak, and the way to any connection of the cluster. */
@NullMarked
package dev.muster.node.directory;

import org.jspecify.annotations.NullMarked;

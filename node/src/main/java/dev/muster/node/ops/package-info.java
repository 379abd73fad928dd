/** What a node tells of itself over HTTP: whether it is well, who is connected, and its figures. */
@NullMarked
package dev.muster.node.ops;

import org.jspecify.annotations.NullMarked;

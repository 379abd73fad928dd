/** Three nodes on real sockets, once for each registry. */
@NullMarked
package dev.muster.node.cluster;

import org.jspecify.annotations.NullMarked;

/** Tests of the frames about entities. */
@NullMarked
package dev.muster.node.protocol.sync;

import org.jspecify.annotations.NullMarked;

/** Tests of spaces, components and replicas. */
@NullMarked
package dev.muster.node.sync;

import org.jspecify.annotations.NullMarked;

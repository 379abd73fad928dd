/** The in-memory registry: a whole cluster in one process, which can also crash, partition, heal and delay. */
@NullMarked
package dev.muster.registry.mock;

import org.jspecify.annotations.NullMarked;

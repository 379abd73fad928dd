/** The registry kept in Hazelcast members embedded in the nodes themselves. */
@NullMarked
package dev.muster.registry.hazelcast;

import org.jspecify.annotations.NullMarked;

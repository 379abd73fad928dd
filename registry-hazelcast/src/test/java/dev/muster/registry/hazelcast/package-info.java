/** Tests of the Hazelcast registry. */
@NullMarked
package dev.muster.registry.hazelcast;

import org.jspecify.annotations.NullMarked;

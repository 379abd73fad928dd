/** Benchmarks of replicas, beside what they measure. */
@NullMarked
package dev.muster.node.sync;

import org.jspecify.annotations.NullMarked;

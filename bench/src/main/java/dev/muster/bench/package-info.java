/** JMH micro-benchmarks of the hot path; compiled with every build, run by hand. */
@NullMarked
package dev.muster.bench;

import org.jspecify.annotations.NullMarked;

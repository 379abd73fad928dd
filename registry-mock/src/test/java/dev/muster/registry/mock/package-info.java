/** Runs the contract's test kit on the in-memory registry, and proves the kit on broken ones. */
@NullMarked
package dev.muster.registry.mock;

import org.jspecify.annotations.NullMarked;

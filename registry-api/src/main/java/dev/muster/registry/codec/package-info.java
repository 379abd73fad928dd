/**
 * The bytes in which registries keep and carry publications and records, so that each implementation need not invent
 * its own. Version 1; a reader refuses what it does not know.
 */
@NullMarked
package dev.muster.registry.codec;

import org.jspecify.annotations.NullMarked;

/** The registry kept in Redis: standalone, Sentinel or Cluster. */
@NullMarked
package dev.muster.registry.redis;

import org.jspecify.annotations.NullMarked;

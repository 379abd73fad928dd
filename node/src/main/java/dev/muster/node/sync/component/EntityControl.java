package dev.muster.node.sync.component;

import dev.muster.node.shape.Length;
import dev.muster.node.shape.Unsigned;

/**
 * Somebody has an entity for themselves.
 *
 * @param holder the id of their connection
 * @param client the first 32 bits of the hash of that id, as clients see it
 * @param renewed when they last took it, ms since 1970
 */
public record EntityControl(
        @Length(min = 1, max = 64) String holder, @Unsigned int client, long renewed) {}

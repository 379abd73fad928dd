package dev.muster.node.sync.component;

import dev.muster.node.shape.Length;
import java.util.List;

/**
 * Words to find an entity by.
 *
 * @param tags in no particular order
 */
public record Tags(@Length(max = 64) List<String> tags) {}

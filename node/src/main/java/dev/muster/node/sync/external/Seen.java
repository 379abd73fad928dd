package dev.muster.node.sync.external;

import dev.muster.node.sync.Sync.Point;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entity as a client may see it.
 *
 * @param id what it is called: its external id, or its number
 * @param template what it was made after; null if that is not known
 * @param position null if it has none, or if nothing was declared to say it
 * @param components in JSON by name, but for those above; those that this node knows
 */
public record Seen(
        String id, @Nullable String template, @Nullable Point position, Map<String, String> components) {}

package dev.muster.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a listing.
 *
 * @param items in the listing's order
 * @param next what to ask with for the next page, opaque; null when this is the last
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        items = List.copyOf(items);
    }
}

package dev.muster.node.session;

import dev.muster.registry.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told when it comes in, beside what its wire tells everybody. Each wire has its own form for it.
 *
 * @param resume the token to come back with; null if it did not ask for acknowledgements
 * @param resumeTtl how long after a break the token is good, in s
 * @param recovered whether it got all that it asked for: the rest of its session, or history; null if it asked for none
 * @param reason why not; null if it did
 * @param position everything after it follows
 */
public record Hello(
        @Nullable String resume,
        long resumeTtl,
        @Nullable Boolean recovered,
        @Nullable Miss reason,
        Position position) {

    /** Without the token. */
    @Override
    public String toString() {
        return "Hello[recovered=" + recovered + ", reason=" + reason + ", position=" + position + "]";
    }
}

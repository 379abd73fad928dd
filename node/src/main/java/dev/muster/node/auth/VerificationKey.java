package dev.muster.node.auth;

import java.security.Key;
import org.jspecify.annotations.Nullable;

/**
 * A key, and the one algorithm it is used with: what a token says of its algorithm is only ever compared with it.
 *
 * @param id the key's name, {@code kid}; null if it has none
 */
record VerificationKey(@Nullable String id, Algorithm algorithm, Key key) {

    /** Without the key. */
    @Override
    public String toString() {
        return algorithm.text() + (id == null ? "" : " " + id);
    }
}

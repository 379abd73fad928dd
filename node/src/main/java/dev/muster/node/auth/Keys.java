package dev.muster.node.auth;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that tokens may be signed with. Any thread. */
interface Keys {

    /** Those there are now. */
    List<VerificationKey> all();

    /** To be called each second or so. */
    default void tick() {}

    /**
     * Those there are after looking again, because a token names a key that is not there. How often one really looks is
     * bounded, whatever is asked.
     *
     * @param keyId as the token calls it
     */
    default Future<List<VerificationKey>> lookAgain(@Nullable String keyId) {
        return Future.succeededFuture(all());
    }
}

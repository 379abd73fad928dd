package dev.muster.node.sync.session;

import dev.muster.node.sync.Entity;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** What a client may want, in the terms of every wire. Ids are the client's own, 64 bits, unsigned. */
public sealed interface Request {

    /**
     * Be told of components.
     *
     * @param component its name, or {@code *} for all
     * @param entity null for all entities
     */
    record Subscribe(
            long subscriptionId, String component, @Nullable Entity entity, Filter filter) implements Request {}

    /** Be told no more. */
    record Unsubscribe(long subscriptionId) implements Request {}

    /**
     * Change an entity.
     *
     * @param requestId comes back in the answer; null if the client gave none
     * @param entity {@link Entity#NEW} for a new one
     */
    record Mutate(@Nullable Long requestId, Entity entity, String component, Edit edit) implements Request {}

    /** How a component is to be changed. */
    sealed interface Edit {

        /** To a value in bincode. */
        record Bytes(Buffer value) implements Edit {}

        /**
         * To a value in JSON.
         *
         * @param expected the revision that it has to have now; null for any
         */
        record Value(Buffer json, @Nullable Long expected) implements Edit {}

        /**
         * By a merge patch, RFC 7386.
         *
         * @param expected the revision that it has to have now; null for any
         */
        record Patch(Buffer json, @Nullable Long expected) implements Edit {}

        /** To be no more; an empty component name means the whole entity. */
        record Remove() implements Edit {}
    }

    /**
     * Ask for rows.
     *
     * @param params JSON; what is allowed depends on the namespace
     * @param live whether to answer again on each change, until cancelled
     */
    record Query(long queryId, String namespace, String params, boolean live) implements Request {}

    /** Be answered no more. */
    record Cancel(long queryId) implements Request {}

    /** Have an entity for oneself, or keep it. */
    record Take(@Nullable Long requestId, Entity entity) implements Request {}

    /** Let it go. */
    record Release(@Nullable Long requestId, Entity entity) implements Request {}
}

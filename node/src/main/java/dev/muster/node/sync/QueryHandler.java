package dev.muster.node.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.node.connection.Identity;
import io.vertx.core.Future;
import java.util.List;

/** Answers the queries of a namespace. On the replica's loop; must not block. */
@FunctionalInterface
public interface QueryHandler {

    /**
     * A question.
     *
     * @param identity who asks
     * @param replica of the space asked about; on its loop
     * @param params as the client gave them
     */
    record Query(Identity identity, Replica replica, JsonNode params) {}

    /**
     * Answers it. Of a query that goes on, again whenever the space has changed.
     *
     * @return rows, each one JSON text; fails with a {@link SyncException}
     */
    Future<List<String>> answer(Query query);
}

package dev.muster.node.sync.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.node.sync.QueryHandler;
import dev.muster.node.sync.Replica;
import dev.muster.node.sync.Status;
import dev.muster.node.sync.SyncException;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers queries, and those that go on again whenever the space has changed and their rows with it. One that takes long
 * is asked less often, so that all of them together leave the loop to others. On the space's loop.
 */
final class Queries {

    private static final Logger LOG = LoggerFactory.getLogger(Queries.class);
    private static final ObjectMapper TREES = new ObjectMapper();

    /** Queries of one connection that go on. */
    static final int MAX_LIVE = 100;

    /** Characters of a query's params. */
    private static final int MAX_PARAMS = 64 << 10;

    /** Of all time a query may have this part. */
    private static final int SHARE = 10;

    private final Replica replica;
    private final Map<String, QueryHandler> handlers;
    private final SyncHub hub;
    private final Map<SyncSession, Map<Long, Live>> live = new LinkedHashMap<>();
    private boolean changed;

    /** A query that goes on. */
    private static final class Live {
        final Request.Query asked;
        final QueryHandler handler;
        final JsonNode params;

        @Nullable
        Object told;

        boolean running;
        boolean stale;
        long notBefore;

        Live(Request.Query asked, QueryHandler handler, JsonNode params) {
            this.asked = asked;
            this.handler = handler;
            this.params = params;
        }
    }

    /**
     * @param handlers by namespace
     */
    Queries(Replica replica, Map<String, QueryHandler> handlers, SyncHub hub) {
        this.replica = replica;
        this.handlers = handlers;
        this.hub = hub;
    }

    void take(SyncSession session, Request.Query asked, Runnable done) {
        cancel(session, asked.queryId());
        Live query;
        try {
            query = new Live(asked, handler(asked.namespace()), params(asked.params()));
            if (asked.live()) {
                keep(session, query);
            }
        } catch (SyncException refused) {
            session.send(rows(asked.queryId(), null, refused));
            done.run();
            return;
        }
        run(session, query, done);
    }

    private QueryHandler handler(String namespace) {
        QueryHandler handler = handlers.get(namespace);
        if (handler == null) {
            throw new SyncException(
                    Status.NOT_FOUND,
                    "there is no such namespace; there are " + String.join(", ", new TreeSet<>(handlers.keySet())));
        }
        return handler;
    }

    private static JsonNode params(String json) {
        if (json.length() > MAX_PARAMS) {
            throw new SyncException(Status.INVALID_PARAMS, "params must have at most " + MAX_PARAMS + " characters");
        }
        try {
            JsonNode params = TREES.readTree(json.isEmpty() ? "null" : json);
            return params == null || params.isMissingNode() ? TREES.nullNode() : params;
        } catch (JsonProcessingException broken) {
            throw new SyncException(Status.INVALID_PARAMS, "params must be JSON");
        }
    }

    private void keep(SyncSession session, Live query) {
        Map<Long, Live> own = live.computeIfAbsent(session, first -> new HashMap<>());
        if (own.size() >= MAX_LIVE) {
            throw new SyncException(Status.FORBIDDEN, "a connection has at most " + MAX_LIVE + " queries that go on");
        }
        own.put(query.asked.queryId(), query);
    }

    private boolean isKept(SyncSession session, Live query) {
        return live.getOrDefault(session, Map.of()).get(query.asked.queryId()) == query;
    }

    void cancel(SyncSession session, long queryId) {
        live.computeIfPresent(session, (key, own) -> {
            own.remove(queryId);
            return own.isEmpty() ? null : own;
        });
    }

    void onGone(SyncSession session) {
        live.remove(session);
    }

    private void run(SyncSession session, Live query, Runnable done) {
        query.running = true;
        query.stale = false;
        long start = hub.loop().nanoTime();
        Future<List<String>> answering = ask(session, query);
        long end = hub.loop().nanoTime();
        query.notBefore = end + SHARE * (end - start);
        answering.onComplete(answer -> hub.execute(() -> {
            query.running = false;
            boolean isWanted = !session.isClosed() && (!query.asked.live() || isKept(session, query));
            if (isWanted) {
                tell(session, query, answer.result(), answer.cause());
            }
            if (query.stale) {
                hub.wake();
            }
            done.run();
        }));
    }

    private Future<List<String>> ask(SyncSession session, Live query) {
        try {
            return query.handler.answer(
                    new QueryHandler.Query(session.connection().identity(), replica, query.params));
        } catch (RuntimeException failure) {
            return Future.failedFuture(failure);
        }
    }

    private void tell(SyncSession session, Live query, @Nullable List<String> rows, @Nullable Throwable failure) {
        SyncException why = failure == null ? null : SyncException.of(failure);
        if (why != null && why.status() == Status.INTERNAL_ERROR) {
            LOG.error("The namespace {} failed to answer a query", query.asked.namespace(), failure);
        }
        Object now = why != null ? String.valueOf(why.getMessage()) : rows == null ? List.of() : rows;
        if (!now.equals(query.told)) {
            query.told = now;
            session.send(rows(query.asked.queryId(), rows, why));
        }
    }

    private static Answer.Rows rows(long queryId, @Nullable List<String> rows, @Nullable SyncException why) {
        return why == null
                ? new Answer.Rows(queryId, Status.OK, rows == null ? List.of() : rows, null)
                : new Answer.Rows(queryId, why.status(), null, why.getMessage());
    }

    // ---- those that go on ----

    /** Something changed in the space. */
    void onChange() {
        if (!live.isEmpty() && !changed) {
            changed = true;
            hub.wake();
        }
    }

    void onTick() {
        if (changed) {
            changed = false;
            live.values().forEach(own -> own.values().forEach(query -> query.stale = true));
        }
        long now = hub.loop().nanoTime();
        List.copyOf(live.entrySet())
                .forEach(entry ->
                        List.copyOf(entry.getValue().values()).forEach(query -> runIfDue(entry.getKey(), query, now)));
    }

    private void runIfDue(SyncSession session, Live query, long now) {
        if (!query.stale || query.running) {
            return;
        }
        if (now - query.notBefore < 0 || !session.hasRoom()) {
            hub.wake();
        } else {
            run(session, query, () -> {});
        }
    }
}

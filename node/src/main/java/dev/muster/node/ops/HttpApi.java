package dev.muster.node.ops;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.muster.node.auth.RoleCheck;
import dev.muster.node.connection.Handshake;
import dev.muster.node.connection.Refusal;
import dev.muster.node.protocol.Checks;
import dev.muster.node.room.Activity;
import dev.muster.node.room.Rooms;
import dev.muster.node.transport.HttpErrors;
import dev.muster.node.transport.PathPattern;
import dev.muster.registry.ConnectionRecord;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.Limits;
import dev.muster.registry.RegistryException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers plain requests: health, statistics, metrics and pages. Only notifying changes anything. */
public final class HttpApi implements Handler<HttpServerRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);

    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private interface Answer {
        void to(HttpServerRequest request, Map<String, String> parameters);
    }

    /**
     * @param methods it takes
     * @param open whether it is for everybody, or judges by itself; else it is for those who may see figures
     */
    private record Endpoint(PathPattern path, String methods, boolean open, Answer answer) {

        Endpoint(PathPattern path, boolean open, Answer answer) {
            this(path, "GET, HEAD", open, answer);
        }

        boolean takes(HttpMethod method) {
            return List.of(methods.split(", ")).contains(method.name());
        }
    }

    private final Vertx vertx;
    private final Figures figures;
    private final ConnectionRegistry registry;
    private final Rooms rooms;
    private final IntSupplier connections;
    private final RoleCheck roles;
    private final Clock clock;
    private final Pages pages = new Pages();
    private final List<Endpoint> endpoints;

    private volatile @Nullable Meters meters;

    /**
     * @param figures of the node
     * @param registry for what is true of the whole cluster
     * @param rooms for what is true of this node
     * @param connections open on this node
     * @param roles who may see figures, and who is connected
     * @param clock wall time
     * @param notify shows people something
     * @param schema of all components, a JSON document
     */
    public HttpApi(
            Vertx vertx,
            Figures figures,
            ConnectionRegistry registry,
            Rooms rooms,
            IntSupplier connections,
            RoleCheck roles,
            Clock clock,
            NotifyEndpoint notify,
            byte[] schema) {
        this.vertx = vertx;
        this.figures = figures;
        this.registry = registry;
        this.rooms = rooms;
        this.connections = connections;
        this.roles = roles;
        this.clock = clock;
        ClusterEndpoint cluster = new ClusterEndpoint(figures, registry, clock);
        List<Endpoint> all = new ArrayList<>();
        for (String path : Pages.BY_PATH.keySet()) {
            all.add(new Endpoint(new PathPattern(path), true, (request, none) -> pages.page(request, path)));
        }
        all.addAll(List.of(
                new Endpoint(
                        new PathPattern("/client/{file}"),
                        true,
                        (request, parameters) -> pages.file(request, parameters.getOrDefault("file", ""))),
                new Endpoint(new PathPattern("/health"), true, this::health),
                new Endpoint(new PathPattern("/ready"), true, this::ready),
                new Endpoint(new PathPattern("/api/health"), true, this::apiHealth),
                new Endpoint(new PathPattern("/api/notify"), "POST", true, (request, none) -> notify.answer(request)),
                new Endpoint(
                        new PathPattern("/sync/schema"),
                        true,
                        (request, none) -> JsonAnswer.end(request, 200, "application/schema+json", schema)),
                new Endpoint(new PathPattern("/metrics"), false, this::metrics),
                new Endpoint(
                        new PathPattern("/api/cluster"),
                        false,
                        (request, none) -> cluster.answer(request).onFailure(failure -> failed(request, failure))),
                new Endpoint(new PathPattern("/ws/stats"), false, this::stats),
                new Endpoint(new PathPattern("/ws/{room}/stats"), false, this::roomStats),
                new Endpoint(new PathPattern("/api/rooms/{room}/stats"), false, this::roomStats)));
        this.endpoints = List.copyOf(all);
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = path(request);
        for (Endpoint endpoint : endpoints) {
            if (endpoint.path().matches(PathPattern.split(path))) {
                answer(request, endpoint, path);
                return;
            }
        }
        HttpErrors.answer(request, 404, "not found", List.of());
    }

    private void answer(HttpServerRequest request, Endpoint endpoint, String path) {
        if (!endpoint.takes(request.method())) {
            HttpErrors.methodNotAllowed(request, endpoint.methods());
            return;
        }
        if (endpoint.open()) {
            serve(request, endpoint, path);
            return;
        }
        roles.require(request.getHeader("Authorization"), query(request), RoleCheck.STATS, RoleCheck.ADMIN)
                .onSuccess(may -> serve(request, endpoint, path))
                .onFailure(failure -> failed(request, failure));
    }

    private static void serve(HttpServerRequest request, Endpoint endpoint, String path) {
        try {
            endpoint.answer().to(request, endpoint.path().parameters(path));
        } catch (Refusal refusal) {
            HttpErrors.answer(request, refusal);
        }
    }

    /** The decoded parameters that have a value. */
    static Map<String, String> query(HttpServerRequest request) {
        return Handshake.present(request.params());
    }

    /** As it was sent: decoded only once it is known which part of it is a name. */
    private static String path(HttpServerRequest request) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        return path.startsWith("/") ? path : "/";
    }

    // ---- how the node is ----

    private void health(HttpServerRequest request, Map<String, String> parameters) {
        JsonAnswer.end(request, 200, json -> {
            json.writeStringField("status", "up");
            json.writeStringField("node", figures.state().node());
            json.writeNumberField("uptime", figures.state().uptimeSeconds());
        });
    }

    private void ready(HttpServerRequest request, Map<String, String> parameters) {
        NodeState.Status status = figures.state().status();
        JsonAnswer.end(request, status == NodeState.Status.READY ? 200 : 503, json -> {
            json.writeStringField("status", status.text());
            json.writeStringField("node", figures.state().node());
            json.writeStringField("registry", figures.state().registry());
        });
    }

    private void apiHealth(HttpServerRequest request, Map<String, String> parameters) {
        JsonAnswer.end(request, 200, json -> {
            json.writeStringField("status", "up");
            json.writeStringField("serverId", figures.state().node());
            json.writeNumberField("connectedClients", connections.getAsInt());
        });
    }

    // ---- who is there ----

    private void stats(HttpServerRequest request, Map<String, String> parameters) {
        registry.connectionCount()
                .onSuccess(count -> JsonAnswer.end(request, 200, json -> {
                    json.writeNumberField("total_connections", count);
                    json.writeStringField("timestamp", JsonAnswer.time(clock.instant()));
                }))
                .onFailure(failure -> failed(request, failure));
    }

    private void roomStats(HttpServerRequest request, Map<String, String> parameters) {
        String room = parameters.getOrDefault("room", "");
        if (!Checks.isRoomName(room)) {
            throw Refusal.badRequest(
                    "room", "must have 1 to " + Limits.MAX_GROUP_BYTES + " bytes of UTF-8 and no control characters");
        }
        RoomStats.members(registry, room)
                .onSuccess(members ->
                        JsonAnswer.end(request, 200, json -> write(json, room, members, rooms.activity(room))))
                .onFailure(failure -> failed(request, failure));
    }

    private static void write(JsonGenerator json, String room, List<ConnectionRecord> members, Activity activity)
            throws IOException {
        json.writeStringField("room_id", room);
        json.writeNumberField("connection_count", members.size());
        json.writeArrayFieldStart("connections");
        for (ConnectionRecord member : members) {
            json.writeStartObject();
            json.writeStringField("id", member.connectionId());
            json.writeStringField("room_id", room);
            json.writeStringField("user_id", member.user());
            json.writeStringField("client_id", member.clientId());
            json.writeStringField("connected_at", JsonAnswer.time(member.connectedAt()));
            json.writeStringField("transport", member.transport());
            json.writeStringField("node", member.node().name());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("messages_sent", activity.sent());
        json.writeNumberField("messages_received", activity.received());
        long last = activity.lastActivity();
        json.writeStringField("last_activity", last == 0 ? null : JsonAnswer.time(Instant.ofEpochMilli(last)));
    }

    private static void failed(HttpServerRequest request, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            HttpErrors.answer(request, refusal);
            return;
        }
        if (failure instanceof RegistryException) {
            request.response().putHeader("Retry-After", "1");
            HttpErrors.answer(request, 503, "the registry is unavailable", List.of());
            return;
        }
        LOG.error("A request could not be answered, the client was told 500", failure);
        HttpErrors.answer(request, 500, "internal error", List.of());
    }

    // ---- figures ----

    private void metrics(HttpServerRequest request, Map<String, String> parameters) {
        String accept = request.getHeader("Accept");
        String contentType = accept == null ? null : exposition(accept);
        if (contentType == null) {
            JsonAnswer.end(request, 200, json -> {
                json.writeStringField("report", PerformanceReport.of(figures));
                json.writeStringField("timestamp", JsonAnswer.time(clock.instant()));
            });
            return;
        }
        // Not on the loop: the first time it loads some hundred classes.
        vertx.executeBlocking(() -> meters().scrape(contentType))
                .onSuccess(text -> JsonAnswer.end(request, 200, contentType, text.getBytes(StandardCharsets.UTF_8)))
                .onFailure(failure -> failed(request, failure));
    }

    private static @Nullable String exposition(String accept) {
        if (accept.contains("application/openmetrics-text")) {
            return OPEN_METRICS;
        }
        return accept.contains("text/plain") ? PROMETHEUS : null;
    }

    private Meters meters() {
        Meters present = meters;
        if (present == null) {
            synchronized (this) {
                present = meters;
                if (present == null) {
                    present = new Meters(figures);
                    meters = present;
                }
            }
        }
        return present;
    }
}

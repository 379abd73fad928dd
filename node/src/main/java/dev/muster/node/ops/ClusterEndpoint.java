package dev.muster.node.ops;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.muster.node.transport.TransportMetrics;
import dev.muster.registry.ConnectionRegistry;
import dev.muster.registry.GroupCount;
import dev.muster.registry.NodeId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/cluster}: what the page {@code /cluster} shows. Nodes, connections and rooms are of the whole cluster;
 * the traffic and its latency are of the node that answers, counted since it began, so that rates are differences.
 */
final class ClusterEndpoint {

    /** The largest rooms that are listed, and as many groups as are looked at for them. */
    private static final int MOST_ROOMS = 100;

    private static final int MOST_GROUPS = 10_000;

    private final Figures figures;
    private final ConnectionRegistry registry;
    private final Clock clock;

    ClusterEndpoint(Figures figures, ConnectionRegistry registry, Clock clock) {
        this.figures = figures;
        this.registry = registry;
        this.clock = clock;
    }

    /** Everything that the registry knows; without it, what this node knows is still told. */
    private record Known(
            @Nullable Long connections, @Nullable List<GroupCount> rooms) {}

    Future<Void> answer(HttpServerRequest request) {
        return known().onSuccess(known -> JsonAnswer.end(request, 200, json -> write(json, known)))
                .mapEmpty();
    }

    private Future<Known> known() {
        Future<Long> connections = registry.connectionCount();
        Future<List<GroupCount>> rooms = rooms(null, new ArrayList<>());
        return Future.join(connections, rooms)
                .transform(done -> Future.succeededFuture(new Known(connections.result(), rooms.result())));
    }

    private Future<List<GroupCount>> rooms(@Nullable String cursor, List<GroupCount> found) {
        return registry.groups(cursor).compose(page -> {
            found.addAll(page.items());
            return page.next() == null || found.size() >= MOST_GROUPS
                    ? Future.succeededFuture(found)
                    : rooms(page.next(), found);
        });
    }

    private void write(JsonGenerator json, Known known) throws IOException {
        NodeState state = figures.state();
        json.writeStringField("timestamp", JsonAnswer.time(clock.instant()));
        json.writeStringField("node", state.node());
        json.writeStringField("status", state.status().text());
        json.writeStringField("registry", state.registry());
        json.writeNumberField("uptime", state.uptimeSeconds());
        json.writeArrayFieldStart("nodes");
        for (NodeId node : new TreeSet<>(registry.nodes())) {
            json.writeString(node.name());
        }
        json.writeEndArray();
        if (known.connections() != null) {
            json.writeNumberField("connections", known.connections());
        }
        if (known.rooms() != null) {
            write(json, known.rooms());
        }
        here(json);
    }

    private static void write(JsonGenerator json, List<GroupCount> rooms) throws IOException {
        json.writeNumberField("room_count", rooms.size());
        json.writeArrayFieldStart("rooms");
        List<GroupCount> largest = rooms.stream()
                .sorted(Comparator.comparingLong(GroupCount::members).reversed().thenComparing(GroupCount::group))
                .limit(MOST_ROOMS)
                .toList();
        for (GroupCount room : largest) {
            json.writeStartObject();
            json.writeStringField("room", room.group());
            json.writeNumberField("members", room.members());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void here(JsonGenerator json) throws IOException {
        TransportMetrics transport = figures.transport();
        LatencyFigures latency = figures.registry().latency();
        json.writeObjectFieldStart("here");
        json.writeNumberField("connections", transport.open());
        json.writeNumberField("messages_received", transport.messagesReceived());
        json.writeNumberField("messages_sent", transport.messagesSent());
        json.writeNumberField("bytes_received", transport.bytesReceived());
        json.writeNumberField("bytes_sent", transport.bytesSent());
        json.writeNumberField("latency_average_ms", latency.averageMillis());
        json.writeNumberField("latency_p99_ms", latency.p99Millis());
        json.writeNumberField("loop_lag_ms", figures.lag().worstSeconds() * 1000);
        json.writeEndObject();
    }
}

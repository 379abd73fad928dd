package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every request on {@code /ws/sync} has an end that its client hears of, also what is refused before it is looked at. */
@ParameterizedClass(name = "{0}")
@EnumSource(Backend.class)
class SyncLimitsTest {

    private static final int LIMIT = 10;
    private static final int SENT = 40;

    @Parameter
    Backend backend;

    private Cluster cluster;

    @AfterEach
    void stop() {
        cluster.close();
    }

    private SyncClient sync(int node) {
        return new SyncClient(cluster.open(node, "/ws/sync", null));
    }

    private static JsonObject spawn(long id) {
        return new JsonObject()
                .put("type", "mutate")
                .put("requestId", id)
                .put("entity", SyncClient.NEW)
                .put("component", "Name")
                .put("value", new JsonObject().put("name", "number " + id));
    }

    @Test
    @DisplayName(
            "of more than may be sent each request is answered or named in an error, and only the answered are made")
    void tooMany() {
        cluster = new Cluster(backend, 2, node -> node.option("limit-messages", LIMIT + "/3"));
        SyncClient quiet = sync(1).subscribe(1, "Name", null).ready(1);
        SyncClient flood = sync(0);
        for (int id = 0; id < SENT; id++) {
            flood.send(spawn(id));
        }
        List<Long> made = new ArrayList<>();
        List<Long> named = new ArrayList<>();
        int errors = 0;
        while (made.size() + named.size() < SENT) {
            JsonObject frame = flood.next();
            if (frame.getString("type").equals("mutationResponse")) {
                assertThat(frame.getString("status")).as(frame.encode()).isEqualTo("Ok");
                made.add(frame.getLong("requestId"));
                continue;
            }
            errors++;
            assertThat(frame.getString("type")).isEqualTo("ERROR");
            assertThat(frame.getString("code")).isEqualTo("rate_limited");
            assertThat(frame.getInteger("retryAfterMs")).isBetween(0, 3_000);
            if (frame.containsKey("requestId")) {
                named.add(frame.getLong("requestId"));
            }
            frame.getJsonArray("requestIds", new JsonArray()).forEach(id -> named.add(((Number) id).longValue()));
        }
        assertThat(made).hasSizeGreaterThanOrEqualTo(LIMIT);
        // All of it may be sent in a moment, or, on a slow machine, in a few seconds.
        assertThat(errors).isBetween(2, 8);
        List<Long> all = new ArrayList<>(made);
        all.addAll(named);
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, SENT).mapToObj(id -> (long) id).toList());
        List<String> seen = new ArrayList<>();
        while (seen.size() < made.size()) {
            quiet.nextOf("batch")
                    .getJsonArray("items")
                    .forEach(item ->
                            seen.add(((JsonObject) item).getJsonObject("value").getString("name")));
        }
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        made.stream().map(id -> "number " + id).toList());
    }

    @Test
    @DisplayName("what is refused by its type alone names the request as well")
    void unknown() {
        cluster = new Cluster(backend, 1);
        SyncClient client = sync(0);
        JsonObject answer = client.ask(new JsonObject().put("type", "explode").put("entity", "1"));
        assertThat(answer.getString("type")).isEqualTo("ERROR");
        assertThat(answer.getString("code")).isEqualTo("unknown_type");
        answer = client.ask(new JsonObject().put("type", "AUTH").put("token", "none"));
        assertThat(answer.getString("code")).isEqualTo("forbidden");
        assertThat(client.send(new JsonObject().put("type", "explode")).next().containsKey("requestId"))
                .isFalse();
    }
}

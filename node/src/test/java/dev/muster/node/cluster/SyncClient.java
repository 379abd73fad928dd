package dev.muster.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A client of {@code /ws/sync}. */
final class SyncClient {

    static final String NEW = "18446744073709551615";

    private final Client client;
    private int read;
    private long ids;

    SyncClient(Client client) {
        this.client = client;
    }

    Client client() {
        return client;
    }

    SyncClient send(JsonObject frame) {
        client.say(frame.encode());
        return this;
    }

    SyncClient subscribe(long id, String component, String entity) {
        return send(new JsonObject()
                .put("type", "subscribe")
                .put("subscriptionId", id)
                .put("component", component)
                .put("entity", entity));
    }

    SyncClient unsubscribe(long id) {
        return send(new JsonObject().put("type", "unsubscribe").put("subscriptionId", id));
    }

    /** Waits until so many subscriptions have been answered: what changes from here on are updates. */
    SyncClient ready(int subscriptions) {
        int answered = 0;
        while (answered < subscriptions) {
            answered += nextOf("batch").getJsonArray("initial", new JsonArray()).size();
        }
        return this;
    }

    /** The next frame that was not read yet. */
    JsonObject next() {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> client.got.size() > read);
        return new JsonObject(client.got.get(read++));
    }

    /** The next frame of a kind; those before it are passed over. */
    JsonObject next(Predicate<JsonObject> wanted) {
        while (true) {
            JsonObject frame = next();
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    JsonObject nextOf(String type) {
        return next(frame -> type.equals(frame.getString("type")));
    }

    /** Sends a request, and takes its answer; batches before it are passed over. */
    JsonObject ask(JsonObject request) {
        long id = ++ids;
        send(request.copy().put("requestId", id));
        return next(frame -> frame.containsKey("requestId") && frame.getLong("requestId") == id);
    }

    JsonObject mutate(String entity, String component, Object value) {
        return ask(new JsonObject()
                .put("type", "mutate")
                .put("entity", entity)
                .put("component", component)
                .put("value", value));
    }

    /** Makes an entity and returns its id. */
    String spawn(String component, JsonObject value) {
        JsonObject answer = mutate(NEW, component, value);
        assertThat(answer.getString("status")).as(answer.encode()).isEqualTo("Ok");
        return answer.getString("entity");
    }

    JsonObject despawn(String entity) {
        return ask(new JsonObject().put("type", "despawn").put("entity", entity));
    }

    JsonObject control(String what, String entity) {
        return ask(new JsonObject().put("type", what).put("entity", entity));
    }

    /** The items of the next batches until one is there that is wanted, that one included. */
    List<JsonObject> itemsUntil(Predicate<JsonObject> wanted) {
        List<JsonObject> items = new ArrayList<>();
        while (true) {
            JsonArray more = nextOf("batch").getJsonArray("items");
            for (int i = 0; i < more.size(); i++) {
                items.add(more.getJsonObject(i));
            }
            if (items.stream().anyMatch(wanted)) {
                return items;
            }
        }
    }

    /** Waits until it is told of something. */
    JsonObject item(String op, String entity, String component) {
        Predicate<JsonObject> wanted = item -> op.equals(item.getString("op"))
                && entity.equals(item.getString("entity"))
                && (component == null || component.equals(item.getString("component")));
        return itemsUntil(wanted).stream().filter(wanted).findFirst().orElseThrow();
    }
}

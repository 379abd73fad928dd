package dev.muster.node.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** A client of a space, over a node's {@code /ws/sync}. */
final class SpaceClient implements AutoCloseable {

    static final String NEW = "18446744073709551615";

    private final WsClient socket;
    private long ids;

    /**
     * @param door where WebSockets go, without a path
     */
    SpaceClient(String door) {
        socket = WsClient.connect(door + "/ws/sync");
    }

    /** Subscribes, and waits for the answer: what comes afterwards are changes. */
    SpaceClient watch(String component) {
        long id = ++ids;
        send(new JsonObject().put("type", "subscribe").put("subscriptionId", id).put("component", component));
        socket.awaitFrame(frame ->
                new JsonObject(frame).getJsonArray("initial", new JsonArray()).contains((int) id));
        return this;
    }

    private void send(JsonObject frame) {
        socket.say(frame.encode());
    }

    /** Sends a request and waits for its answer. */
    JsonObject ask(JsonObject request) {
        long id = ++ids;
        send(request.copy().put("requestId", id));
        return new JsonObject(socket.awaitFrame(frame -> isAbout(frame, id)));
    }

    private static boolean isAbout(String frame, long id) {
        JsonObject object = new JsonObject(frame);
        return object.containsKey("requestId") && object.getLong("requestId") == id;
    }

    JsonObject set(String entity, String component, JsonObject value) {
        return ask(new JsonObject()
                .put("type", "mutate")
                .put("entity", entity)
                .put("component", component)
                .put("value", value));
    }

    /** Makes an entity and returns its id. */
    String spawn(String name) {
        JsonObject answer = set(NEW, "Name", new JsonObject().put("name", name));
        assertThat(answer.getString("status")).as(answer.encode()).isEqualTo("Ok");
        return answer.getString("entity");
    }

    /** What became of taking or releasing. */
    String control(String what, String entity) {
        return ask(new JsonObject().put("type", what).put("entity", entity)).getString("status");
    }

    /** What it was told of an entity, in order. */
    List<JsonObject> items(String entity) {
        return socket.got().stream()
                .map(JsonObject::new)
                .filter(frame -> "batch".equals(frame.getString("type")))
                .flatMap(batch -> batch.getJsonArray("items").stream())
                .map(item -> (JsonObject) item)
                .filter(item -> entity.equals(item.getString("entity")))
                .toList();
    }

    /** Those of an entity and a component that are of one kind. */
    List<JsonObject> items(String op, String entity, String component) {
        return items(entity).stream()
                .filter(item -> op.equals(item.getString("op")) && component.equals(item.getString("component")))
                .toList();
    }

    void await(String what, Duration atMost, Predicate<SpaceClient> isSo) {
        Patience.await(what, atMost).until(() -> isSo.test(this));
    }

    void await(String what, Predicate<SpaceClient> isSo) {
        await(what, Patience.LONG, isSo);
    }

    @Override
    public void close() {
        socket.close();
    }
}

package dev.muster.node.cli.connect;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Entities and components as JSON; all of them are subscribed to. What is typed is a frame, or a word and what it needs:
 *
 * <pre>
 * spawn Name {"name":"Ann"}           set 42 Name {"name":"Ann"}      patch 42 Position {"x":1}
 * remove 42 Name                      despawn 42                      take 42, release 42
 * subscribe Position 42               unsubscribe 2                   query entities {"components":["Name"]}
 * </pre>
 */
final class SpaceWire implements Wire {

    private static final String NEW = "18446744073709551615";

    private final @Nullable String name;
    private long ids = 1;

    /**
     * @param name the user id; null for none
     */
    SpaceWire(@Nullable String name) {
        this.name = name;
    }

    @Override
    public String path(String room) {
        return "/ws/sync";
    }

    @Override
    public Map<String, String> query() {
        return name == null ? Map.of() : Map.of("user_id", name);
    }

    @Override
    public List<Frame> opening() {
        return List.of(
                frame("subscribe", new JsonObject().put("subscriptionId", 1).put("component", "*")));
    }

    // ---- typed ----

    @Override
    public Frame typed(String line) {
        String[] words = line.strip().split("\\s+", 2);
        String rest = words.length > 1 ? words[1] : "";
        return switch (words[0]) {
            case "spawn" -> valued("mutate", NEW, "value", rest);
            case "set" -> onEntity(rest, "value");
            case "patch" -> onEntity(rest, "patch");
            case "remove" -> valued("remove", first(rest), "value", second(rest));
            case "despawn", "take", "release" -> frame(words[0], request(rest));
            case "subscribe" ->
                frame(
                        "subscribe",
                        new JsonObject()
                                .put("subscriptionId", ++ids)
                                .put("component", first(rest))
                                .put("entity", second(rest).isEmpty() ? null : second(rest)));
            case "unsubscribe" -> frame("unsubscribe", new JsonObject().put("subscriptionId", json(rest)));
            case "query" ->
                frame(
                        "query",
                        new JsonObject()
                                .put("queryId", ++ids)
                                .put("namespace", first(rest))
                                .put("params", json(second(rest))));
            default -> Frame.text(line);
        };
    }

    private Frame onEntity(String rest, String member) {
        return valued("mutate", first(rest), member, second(rest));
    }

    private Frame valued(String type, String entity, String member, String componentAndValue) {
        JsonObject frame = request(entity).put("component", first(componentAndValue));
        String value = second(componentAndValue);
        return frame(type, value.isEmpty() ? frame : frame.put(member, json(value)));
    }

    private JsonObject request(String entity) {
        return new JsonObject().put("requestId", ++ids).put("entity", entity);
    }

    private static Frame frame(String type, JsonObject members) {
        return Frame.text(new JsonObject().put("type", type).mergeIn(members).encode());
    }

    private static String first(String words) {
        return words.strip().split("\\s+", 2)[0];
    }

    private static String second(String words) {
        String[] parts = words.strip().split("\\s+", 2);
        return parts.length > 1 ? parts[1] : "";
    }

    /** What is no JSON goes as a text: the server says what is wrong with it. */
    private static @Nullable Object json(String text) {
        try {
            return text.isEmpty() ? null : Json.decodeValue(text);
        } catch (DecodeException none) {
            return text;
        }
    }

    // ---- received ----

    @Override
    public void received(Frame frame, Output output) {
        JsonObject object = frame.isText() ? Objects.of(frame.text()) : null;
        if (object == null) {
            output.print(frame.isText() ? frame.text() : Visible.bytes(frame.payload()));
            return;
        }
        switch (Objects.text(object, "type")) {
            case "batch" -> batch(object, output);
            case "mutationResponse", "control" -> output.print(answer(object));
            case "queryResponse" -> rows(object, output);
            case "error" -> output.print("! " + status(object) + ": " + Objects.text(object, "message"));
            case "ERROR" -> output.print("! " + Objects.text(object, "code") + ": " + Objects.text(object, "message"));
            default -> output.print(frame.text());
        }
    }

    private static void batch(JsonObject batch, Output output) {
        if (batch.getValue("items") instanceof JsonArray items) {
            for (Object item : items) {
                if (item instanceof JsonObject one) {
                    output.print(item(one));
                }
            }
        }
    }

    private static String item(JsonObject item) {
        String entity = Objects.text(item, "entity");
        String component = Objects.text(item, "component");
        return switch (Objects.text(item, "op")) {
            case "snapshot", "update" ->
                entity + " " + component + " " + Json.encode(item.getValue("value", item.getValue("bytes")));
            case "componentRemoved" -> "* " + entity + " has no " + component + " any more";
            case "entityRemoved" -> "* " + entity + " is gone";
            default -> item.encode();
        };
    }

    private static String answer(JsonObject answer) {
        String status = status(answer);
        boolean isGood = List.of("ok", "taken", "released").contains(status);
        String message = Objects.text(answer, "message");
        return (isGood ? "* " : "! ")
                + status
                + (Objects.text(answer, "entity").isEmpty() ? "" : " " + Objects.text(answer, "entity"))
                + (Objects.text(answer, "by").isEmpty() ? "" : " by " + Objects.text(answer, "by"))
                + (message.isEmpty() ? "" : ": " + message);
    }

    private static void rows(JsonObject answer, Output output) {
        if (answer.getValue("rows") instanceof JsonArray rows) {
            rows.forEach(row -> output.print("= " + Json.encode(row)));
            output.print("* " + rows.size() + (rows.size() == 1 ? " row" : " rows"));
        } else {
            output.print("! " + status(answer) + ": " + Objects.text(answer, "error"));
        }
    }

    private static String status(JsonObject answer) {
        return Objects.text(answer, "status")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
